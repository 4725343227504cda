package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.PoolEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients and servers of the official MCP SDK with two gateways between them. */
@Timeout(120)
class McpSdkTest {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String SEALED = "sealed";
  private static final String LEARNED = "learned";

  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<McpSdkServer> servers = new ArrayList<>();
  private TestGateway one;
  private TestGateway other;

  private void start(String form) throws Exception {
    for (String name : List.of("m1", "m2", "m3")) {
      servers.add(opened(new McpSdkServer(name)));
    }
    String shared = "";
    if (form.equals(LEARNED)) {
      TestRedis redis = opened(new TestRedis());
      shared = "\nsharedTable: {redis: \"" + redis.uri() + "\", deadline: 200ms}";
    }
    one = opened(gateway(form, shared));
    other = opened(gateway(form, shared));
    if (form.equals(LEARNED)) {
      awaitRedis(one);
      awaitRedis(other);
    }
  }

  private TestGateway gateway(String form, String shared) throws Exception {
    String settings = "stickySession: {type: mcp, form: " + form + "}" + shared;
    List<String> entries = servers.stream().map(McpSdkServer::entry).toList();
    return TestGateway.of(
        TestGateway.yaml("http", "", settings, entries) + "keySecret: " + SECRET + '\n');
  }

  private static void awaitRedis(TestGateway gateway) throws Exception {
    Wait.until(() ->
        gateway.console().said().stream().anyMatch(line -> line.endsWith("Redis is reachable")));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    open.add(resource);
    return resource;
  }

  @AfterEach
  void stop() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private McpSdkClient client() {
    return opened(new McpSdkClient(one.port(), other.port()));
  }

  private void change(Consumer<PoolEdit> edit) {
    one.pool().change(edit);
    other.pool().change(edit);
  }

  @ParameterizedTest
  @ValueSource(strings = {SEALED, LEARNED})
  void aSessionOverTwoGateways_keepsItsServer(String form) throws Exception {
    start(form);
    Map<String, Integer> sessions = new TreeMap<>();
    for (int i = 0; i < 6; i++) {
      McpSdkClient client = client();
      for (int call = 1; call <= 6; call++) {
        assertThat(client.count()).isEqualTo(client.server() + ' ' + call);
      }
      sessions.merge(client.server(), 1, Integer::sum);
    }

    assertThat(sessions.keySet()).hasSizeGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {SEALED, LEARNED})
  void whenItsServerLeaves_oneCallFails_andTheNextBeginsASessionByItself(String form)
      throws Exception {
    start(form);
    McpSdkClient client = client();
    String home = client.server();
    assertThat(client.count()).isEqualTo(home + " 1");

    change(pool -> pool.remove(home));

    assertThatThrownBy(client::count).hasMessageContaining("terminated");
    assertThat(client.count()).doesNotStartWith(home).endsWith(" 1");
    assertThat(client.count()).doesNotStartWith(home).endsWith(" 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {SEALED, LEARNED})
  void whileItsServerIsDown_callsFail_andNothingIsMoved(String form) throws Exception {
    start(form);
    McpSdkClient client = client();
    String home = client.server();
    assertThat(client.count()).isEqualTo(home + " 1");

    change(pool -> pool.down(home));
    assertThatThrownBy(client::count).hasMessageNotContaining("terminated");
    assertThatThrownBy(client::count).hasMessageNotContaining("terminated");
    change(pool -> pool.up(home));

    assertThat(client.count()).isEqualTo(home + " 2");
  }

  /** The id that a server knows is its own, whatever its client has. */
  @ParameterizedTest
  @ValueSource(strings = {SEALED, LEARNED})
  void aClientThatLeaves_endsItsSession(String form) throws Exception {
    start(form);
    McpSdkClient client = client();
    client.count();
    String ids = servers.stream()
        .flatMap(server -> server.calls().keySet().stream())
        .collect(Collectors.joining(","));

    client.close();

    assertThat(ids).matches("[0-9a-f-]{36}");
    assertThat(client().count()).endsWith(" 1");
  }
}
