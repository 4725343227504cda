package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import dev.limpet.examples.gateway.operate.UnknownNameException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Explanations of where a session is bound. */
class TracerTest {
  private static final String SECRET = "secret-of-a-user";

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));
  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;

  @BeforeEach
  void startBackends() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    b1.close();
    b2.close();
  }

  @Test
  void aBoundAddress_isExplainedAndNotUsed() throws IOException {
    start("http", "{type: source-ip}");
    Client session = gateway.sessionAt("b1");
    String address = "127.0.77." + lastClient();
    gateway.pool().change(pool -> pool.drain("b1"));

    Trace trace = trace(address, Map.of());

    assertThat(trace.backend()).isEqualTo("b1");
    assertThat(trace.outcome()).isEqualTo("KEPT");
    assertThat(trace.reason()).isNull();
    assertThat(trace.steps())
        .containsExactly(
            new Trace.Step("key", "The key is the source address " + address + '.'),
            new Trace.Step("binding", "The session is bound to b1."),
            new Trace.Step("backend", "b1 is draining, and serves its sessions."),
            new Trace.Step("decision", "KEPT: the request goes to b1."));
    assertThat(trace.ifUnreachable()).isEqualTo("The session would move to another backend.");
    for (int i = 0; i < 5; i++) {
      elapsed.addAndGet(Duration.ofMinutes(5).toNanos());
      Trace unused = trace(address, Map.of());
    }
    assertThat(trace(address, Map.of()).backend()).isNull();
    assertThat(session.body()).isEqualTo("b2");
  }

  @Test
  void aTcpConnection_isExplained() throws IOException {
    start("tcp", "{type: source-ip}");
    Trace trace = trace("192.0.2.1", Map.of());
    assertThat(trace.outcome()).isEqualTo("NEW");
    assertThat(trace.reason()).isEqualTo("UNKNOWN");
    assertThat(trace.backend()).isNull();
  }

  @Test
  void anLbCookie_isJudgedWithoutItsValue() throws IOException {
    start("http", "{type: lb-cookie}");
    String token = gateway.sessionAt("b1").cookie("limpet-web");

    Trace valid = trace(null, cookie("limpet-web=" + token));
    assertThat(valid.backend()).isEqualTo("b1");
    assertThat(valid.steps().get(0).text())
        .isEqualTo("The key is in the LB cookie limpet-web, which is valid.");

    String forged = token.substring(0, token.length() - 2) + "xx";
    Trace refused = trace(null, cookie("limpet-web=" + forged));
    assertThat(refused.reason()).isEqualTo("FORGED");
    assertThat(trace(null, cookie("limpet-web=" + SECRET)).reason()).isEqualTo("MALFORMED");
    assertThat(trace(null, Map.of()).outcome()).isEqualTo("NEW");
    elapsed.addAndGet(Duration.ofMinutes(30).toNanos());
    assertThat(trace(null, cookie("limpet-web=" + token)).reason()).isEqualTo("EXPIRED");
    assertThat(valid.toString()).doesNotContain(token);
  }

  @Test
  void aTokenOfAnEarlierType_isNamed() throws IOException {
    start("http", "{type: lb-cookie}");
    String token = gateway.sessionAt("b2").cookie("limpet-web");
    gateway
        .gateway()
        .restick(
            ConfigReader.source(yaml("http", "{type: app-cookie, cookieName: SID}"))
                .source()
                .config(),
            List.of("web"));
    Trace trace = trace(null, cookie("limpet-web=" + token));
    assertThat(trace.backend()).isEqualTo("b2");
    assertThat(trace.steps())
        .contains(new Trace.Step(
            "key", "A valid token of the type lb-cookie, which was in use before, places it."));
  }

  @Test
  void whatWasPasted_isNeverShown() throws IOException {
    for (String sticky : List.of(
        "{type: source-ip}",
        "{type: lb-cookie}",
        "{type: app-cookie, cookieName: SID}",
        "{type: prefix-cookie, cookieName: SID}",
        "{type: route-suffix, cookieName: SID}",
        "{type: header, header: X-Id, form: sent}",
        "{type: header, header: X-Id, form: learned}",
        "{type: header, header: X-Id, form: sealed}",
        "{type: mcp}",
        "{type: query, parameter: id}",
        "{type: path, parameter: id}")) {
      start("http", sticky);
      Trace trace = gateway
          .gateway()
          .trace(new TracedRequest(
              "web",
              SECRET,
              Map.of(
                  "Cookie", List.of("SID=" + SECRET + "; limpet-web=" + SECRET),
                  "X-Id", List.of(SECRET),
                  "Mcp-Session-Id", List.of(SECRET)),
              "/x;id=" + SECRET + "?id=" + SECRET));
      assertThat(trace.toString()).as(sticky).doesNotContain(SECRET);
      gateway.close();
    }
  }

  @Test
  void anUnknownListener_isRefused() throws IOException {
    start("http", "{type: lb-cookie}");
    assertThatThrownBy(
            () -> gateway.gateway().trace(new TracedRequest("other", null, Map.of(), "/")))
        .isInstanceOf(UnknownNameException.class)
        .hasMessage("listener: other (expected: one of [web])");
  }

  private int lastClient() throws IOException {
    return Integer.parseInt(b1.last().field("x-forwarded-for").substring("127.0.77.".length()));
  }

  private static Map<String, List<String>> cookie(String pair) {
    return Map.of("Cookie", List.of(pair));
  }

  private Trace trace(String address, Map<String, List<String>> headers) {
    return gateway.gateway().trace(new TracedRequest("web", address, headers, "/"));
  }

  private void start(String protocol, String sticky) throws IOException {
    gateway = TestGateway.of(yaml(protocol, sticky), clocks);
  }

  private String yaml(String protocol, String sticky) {
    return TestGateway.yaml(protocol, "", "stickySession: " + sticky, TestGateway.entries(b1, b2));
  }
}
