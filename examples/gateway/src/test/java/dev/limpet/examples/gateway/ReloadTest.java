package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.PoolSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes of the configuration file while the gateway serves. */
@Timeout(30)
class ReloadTest {
  private static final Duration EFFECTIVE = Duration.ofSeconds(2);

  @TempDir
  private Path folder;

  private TestBackend b1;
  private TestBackend b2;
  private TestBackend b3;
  private String sticky = TestGateway.LB_COOKIE;

  @BeforeEach
  void start() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
    b3 = TestBackend.login("b3");
  }

  @AfterEach
  void stop() throws IOException {
    b1.close();
    b2.close();
    b3.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {TestGateway.LB_COOKIE, TestGateway.APP_COOKIE, TestGateway.SOURCE_IP})
  void sessionsSurviveEveryChangeThatLeavesTheirBackend(String type) throws Exception {
    sticky = type;
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      Map<Client, String> homes = sessions(gateway, 8);

      change(gateway, pool -> pool.member("b3") != null, b1.entry(), b2.entry(), b3.entry());
      assertHome(homes);
      change(
          gateway,
          pool -> pool.member("b1").draining(),
          b1.entry("drain: true"),
          b2.entry(),
          b3.entry());
      assertHome(homes);
      change(
          gateway,
          pool -> pool.member("b2").backend().weight() == 0,
          b1.entry("drain: true"),
          b2.entry("weight: 0"),
          b3.entry("weight: 7"));
      assertHome(homes);
      change(
          gateway,
          pool -> pool.members().get(0).name().equals("b3"),
          b3.entry("weight: 7"),
          b2.entry("weight: 3"),
          b1.entry());
      assertHome(homes);
    }
  }

  @Test
  void newSessionsGoByTheNewWeightsAndDrains() throws Exception {
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      assertThat(spread(gateway, 10)).isEqualTo(Map.of("b1", 5, "b2", 5));
      change(
          gateway,
          pool -> pool.member("b3") != null,
          b1.entry("weight: 3"),
          b2.entry("weight: 2, drain: true"),
          b3.entry("weight: 2"));
      assertThat(spread(gateway, 10)).isEqualTo(Map.of("b1", 6, "b3", 4));
      change(gateway, pool -> !pool.member("b2").draining(), b1.entry("weight: 0"), b2.entry());
      assertThat(spread(gateway, 10)).isEqualTo(Map.of("b2", 10));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"move", "lend", "strict"})
  void removedBackend_itsSessionsMoveOnceAndTheOthersStay(String failover) throws Exception {
    sticky = TestGateway.LB_COOKIE + "\nfailover: " + failover;
    try (TestGateway gateway = begin(b1.entry(), b2.entry(), b3.entry())) {
      Map<Client, String> homes = sessions(gateway, 9);
      change(gateway, pool -> pool.member("b1") == null, b2.entry(), b3.entry());
      for (Map.Entry<Client, String> home : homes.entrySet()) {
        Message response = home.getKey().keep(home.getKey().get());
        boolean moves = home.getValue().equals("b1");
        assertThat(response.fields("set-cookie").size()).isEqualTo(moves ? 1 : 0);
        assertThat(response.body().equals(home.getValue())).isEqualTo(!moves);
        home.setValue(response.body());
      }
      change(gateway, pool -> pool.member("b1") != null, b1.entry(), b2.entry(), b3.entry());
      assertHome(homes);
    }
  }

  @Test
  void faultyFile_isReportedOnceWithItsLinesAndIgnored() throws Exception {
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      Map<Client, String> homes = sessions(gateway, 4);

      write(b1.entry("weight: 300"), b3.entry("color: red"));

      TestConsole console = gateway.console();
      Wait.until(EFFECTIVE, () -> console.complaints().size() >= 3);
      assertThat(console.complaints().get(0)).startsWith(file() + ":9: ").contains("weight", "300");
      assertThat(console.complaints().get(1)).startsWith(file() + ":10: ").contains("color");
      assertThat(console.complaints().get(2))
          .isEqualTo("the file is ignored until its faults are corrected");
      assertHome(homes);
      change(gateway, pool -> pool.member("b3") != null, b1.entry(), b2.entry(), b3.entry());
      assertHome(homes);
      assertThat(console.complaints()).hasSize(3);
    }
  }

  @Test
  void absentFile_isReportedAndIgnored() throws Exception {
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      Map<Client, String> homes = sessions(gateway, 2);
      Files.delete(file());
      Wait.until(EFFECTIVE, () -> gateway.console().complaints().size() == 2);
      assertHome(homes);
      change(gateway, pool -> pool.member("b3") != null, b1.entry(), b2.entry(), b3.entry());
    }
  }

  @Test
  void changedListener_needsARestart_andTheRestIsEffective() throws Exception {
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      Map<Client, String> homes = sessions(gateway, 4);
      String changed = text(b1.entry(), b2.entry(), b3.entry()).replace("port: 0", "port: 1");

      replace(changed);

      Wait.until(EFFECTIVE, () -> gateway.pool().snapshot().member("b3") != null);
      Wait.until(
          EFFECTIVE,
          () -> gateway.console().said().stream()
                  .filter(line -> line.contains("needs a restart"))
                  .count()
              == 1);
      assertThat(gateway.console().said())
          .contains("listeners.web.port: changed (needs a restart)");
      assertHome(homes);
      assertThat(gateway.console().complaints()).isEmpty();
    }
  }

  @Test
  void changes_areSaidOnce() throws Exception {
    try (TestGateway gateway = begin(b1.entry(), b2.entry())) {
      change(gateway, pool -> pool.member("b3") != null, b1.entry(), b2.entry(), b3.entry());
      change(
          gateway,
          pool -> pool.member("b1").backend().weight() == 4,
          b1.entry("weight: 4"),
          b2.entry(),
          b3.entry());
      Wait.until(() -> changes(gateway).size() >= 2);
      assertThat(changes(gateway))
          .containsExactly("pools.web.backends.b3: added", "pools.web.backends.b1.weight: 1 -> 4");
    }
  }

  private static List<String> changes(TestGateway gateway) {
    return gateway.console().said().stream()
        .filter(line -> line.startsWith("pools."))
        .toList();
  }

  private TestGateway begin(String... entries) throws IOException {
    write(entries);
    return TestGateway.following(file());
  }

  private void change(TestGateway gateway, Predicate<PoolSnapshot> done, String... entries)
      throws Exception {
    write(entries);
    Wait.until(EFFECTIVE, () -> done.test(gateway.pool().snapshot()));
  }

  private void write(String... entries) throws IOException {
    replace(text(entries));
  }

  private String text(String... entries) {
    return TestGateway.yaml("http", "", sticky, List.of(entries));
  }

  private void replace(String yaml) throws IOException {
    Path written = Files.writeString(folder.resolve("next"), yaml);
    Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE);
  }

  private Path file() {
    return folder.resolve("gateway.yaml");
  }

  private static Map<Client, String> sessions(TestGateway gateway, int count) throws IOException {
    Map<Client, String> homes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      Client client = gateway.client();
      homes.put(client, client.body());
    }
    return homes;
  }

  private static void assertHome(Map<Client, String> homes) throws IOException {
    List<String> now = new ArrayList<>();
    for (Client client : homes.keySet()) {
      now.add(client.body());
    }
    assertThat(now).containsExactlyElementsOf(homes.values());
  }

  private static Map<String, Integer> spread(TestGateway gateway, int sessions) throws IOException {
    Map<String, Integer> spread = new TreeMap<>();
    for (int i = 0; i < sessions; i++) {
      spread.merge(new Client(gateway.port()).body(), 1, Integer::sum);
    }
    return spread;
  }
}
