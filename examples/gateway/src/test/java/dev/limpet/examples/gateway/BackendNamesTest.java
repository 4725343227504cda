package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.demo.GatewayProcess;
import io.netty.util.NetUtil;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A backend whose name resolves to three machines, in another order with each lookup. */
@Timeout(60)
class BackendNamesTest {
  private static final String NAME = "app.test";
  private static final List<String> MACHINES = List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");

  @TempDir
  private Path folder;

  private final List<RawServer> servers = new ArrayList<>();
  private final AtomicInteger lookups = new AtomicInteger();
  private int port;

  @BeforeEach
  void start() throws IOException {
    while (servers.size() < MACHINES.size()) {
      startOnOnePort();
    }
  }

  /** The port of the first machine may be in use at another. */
  private void startOnOnePort() throws IOException {
    closeAll();
    try {
      for (String machine : MACHINES) {
        servers.add(new RawServer(
            inet(machine), servers.isEmpty() ? 0 : servers.get(0).port(), in -> {
              InputStream bytes = new BufferedInputStream(in.getInputStream());
              while (Message.request(bytes) != null) {
                TestBackend.say(in, TestBackend.ok(machine));
              }
            }));
      }
      port = servers.get(0).port();
    } catch (BindException inUse) {
      closeAll();
    }
  }

  @AfterEach
  void closeAll() throws IOException {
    for (RawServer server : servers) {
      server.close();
    }
    servers.clear();
  }

  @ParameterizedTest
  @CsvSource({"tcp, source-ip", "http, source-ip", "http, lb-cookie"})
  void aSessionStaysOnOneMachine(String protocol, String type) throws Exception {
    try (TestGateway gateway = gateway(protocol, "stickySession: {type: " + type + "}")) {
      Client client = gateway.client();
      Set<String> machines = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        machines.add(client.body());
      }
      assertThat(machines).hasSize(1);
      assertThat(machines(gateway, 20)).isEqualTo(machines);
      assertSaidOnce(gateway);
    }
  }

  @ParameterizedTest
  @CsvSource({"tcp", "http"})
  void aMachineThatIsDead_isPassedOver(String protocol) throws Exception {
    servers.get(0).kill();
    try (TestGateway gateway = gateway(protocol, TestGateway.SOURCE_IP)) {
      assertThat(machines(gateway, 10)).containsExactly("127.0.0.2");
      assertSaidOnce(gateway);
    }
  }

  @ParameterizedTest
  @CsvSource({"tcp", "http"})
  void whenTheMachineDies_anotherIsUsed_alsoWhenItIsBack(String protocol) throws Exception {
    try (TestGateway gateway = gateway(protocol, TestGateway.SOURCE_IP)) {
      assertThat(machines(gateway, 10)).containsExactly("127.0.0.1");
      servers.get(0).kill();
      Set<String> next = machines(gateway, 10);
      assertThat(next).hasSize(1).doesNotContain("127.0.0.1");
      servers.get(0).revive();
      assertThat(machines(gateway, 10)).isEqualTo(next);
      assertSaidOnce(gateway);
    }
  }

  @Test
  void aBackendIsDown_ifNoneOfItsMachinesAnswers() throws Exception {
    try (TestGateway gateway =
        gateway("http", TestGateway.SOURCE_IP + "\nhealthCheck: {interval: 50ms}")) {
      servers.get(0).kill();
      Set<String> second = machines(gateway, 1);
      servers.get(MACHINES.indexOf(second.iterator().next())).kill();
      assertThat(machines(gateway, 1)).hasSize(1).doesNotContainAnyElementsOf(second);
      assertThat(gateway.console().said()).noneMatch(line -> line.endsWith("is down"));
      for (RawServer server : servers) {
        server.kill();
      }
      Wait.until(() -> gateway.console().said().contains("backend web/b1 is down"));
      servers.get(1).revive();
      Wait.until(() -> gateway.console().said().contains("backend web/b1 is up"));
      assertThat(machines(gateway, 5)).containsExactly("127.0.0.2");
      assertSaidOnce(gateway);
    }
  }

  @Test
  void aHealthCheck_looksAtTheMachineInUse() throws Exception {
    try (TestGateway gateway =
        gateway("tcp", TestGateway.SOURCE_IP + "\nhealthCheck: {interval: 10ms}")) {
      Set<String> used = machines(gateway, 1);
      int at = MACHINES.indexOf(used.iterator().next());
      int before = servers.get(at).connections();
      Wait.until(() -> servers.get(at).connections() >= before + 20);
      assertThat(servers.stream().filter(server -> server.connections() > 0)).hasSize(1);
      assertThat(lookups).hasValue(1);
    }
  }

  /** The names of the operating system's file, as a gateway of its own process reads it. */
  @Test
  void aNameOfTheHostsFile_leadsToOneMachine() throws Exception {
    Path hosts = Files.writeString(
        folder.resolve("hosts"),
        "127.0.0.1 localhost\n127.0.0.9 " + NAME + "\n127.0.0.3 " + NAME + "\n127.0.0.2 " + NAME
            + "\n");
    Path yaml = Files.writeString(folder.resolve("gateway.yaml"), yaml("tcp", "failover: move"));
    try (GatewayProcess gateway =
        GatewayProcess.start("names", yaml, List.of("-Djdk.net.hosts.file=" + hosts))) {
      gateway.await("listening", 1);
      Client client = new Client(gateway.port("web"));
      assertThat(client.body()).isEqualTo("127.0.0.3");
      Files.writeString(hosts, "127.0.0.2 " + NAME + "\n127.0.0.1 " + NAME + "\n");
      assertThat(client.body()).isEqualTo("127.0.0.3");
      gateway.await(
          "address " + NAME + ":" + port
              + ": 3 addresses, 127.0.0.9, 127.0.0.3, 127.0.0.2; uses 127.0.0.3 while it answers",
          1);

      servers.get(2).kill();

      Wait.until(() -> reaches(client, "127.0.0.2")); // the JDK reads the file again after a second
    }
  }

  private static boolean reaches(Client client, String machine) throws IOException {
    try {
      return client.body().equals(machine);
    } catch (EOFException closed) {
      return false;
    }
  }

  private TestGateway gateway(String protocol, String settings) throws IOException {
    return TestGateway.of(yaml(protocol, settings), name -> {
      assertThat(name).isEqualTo(NAME);
      List<String> rotated = new ArrayList<>(MACHINES);
      Collections.rotate(rotated, -lookups.getAndIncrement());
      InetAddress[] all = new InetAddress[rotated.size()];
      for (int i = 0; i < all.length; i++) {
        all[i] = inet(rotated.get(i));
      }
      return all;
    });
  }

  private String yaml(String protocol, String settings) {
    return TestGateway.yaml(
        protocol, "", settings, List.of("{id: b1, address: \"" + NAME + ':' + port + "\"}"));
  }

  /** The machines that new clients reach. */
  private static Set<String> machines(TestGateway gateway, int clients) throws IOException {
    Set<String> machines = new HashSet<>();
    for (int i = 0; i < clients; i++) {
      machines.add(gateway.client().body());
    }
    return machines;
  }

  private static void assertSaidOnce(TestGateway gateway) {
    assertThat(gateway.console().said().stream().filter(line -> line.contains("3 addresses")))
        .hasSize(1);
  }

  /** An address that has its name with it, as one that was looked up has. */
  private static InetAddress inet(String literal) throws UnknownHostException {
    return InetAddress.getByAddress(NAME, NetUtil.createByteArrayFromIpAddressString(literal));
  }
}
