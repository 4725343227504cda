package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the sessions of a backend that is killed. */
@Timeout(30)
class FailoverTest {
  private static final String HEALTH = "\nhealthCheck: {interval: 50ms}";

  private TestBackend b1;
  private TestBackend b2;
  private TestBackend b3;

  /** What sessions are known by, and the listener that they come through. */
  enum Kind {
    LB_COOKIE("http", TestGateway.LB_COOKIE),
    APP_COOKIE("http", TestGateway.APP_COOKIE),
    SOURCE_IP("http", TestGateway.SOURCE_IP),
    TCP("tcp", TestGateway.SOURCE_IP);

    private final String protocol;
    private final String sticky;

    Kind(String protocol, String sticky) {
      this.protocol = protocol;
      this.sticky = sticky;
    }
  }

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
  @EnumSource
  void move_sessionMovesOnceAndStaysThere(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: move")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      String moved = client.body();
      assertThat(moved).isNotEqualTo("b1");
      assertStays(client, moved);
      b1.revive();
      assertStays(client, moved);
    }
  }

  @ParameterizedTest
  @EnumSource
  void move_withHealthChecks_sessionMovesOnceAndStaysThere(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: move" + HEALTH)) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      awaitHealth(gateway, "b1 is down");
      String moved = client.body();
      assertThat(moved).isNotEqualTo("b1");
      assertStays(client, moved);
      b1.revive();
      awaitHealth(gateway, "b1 is up");
      assertStays(client, moved);
    }
  }

  @ParameterizedTest
  @EnumSource
  void lend_sessionIsServedElsewhereAndComesBack(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: lend")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      String lent = client.body();
      assertThat(lent).isNotEqualTo("b1");
      assertStays(client, lent);
      b1.revive();
      assertStays(client, "b1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void lend_withHealthChecks_sessionIsServedElsewhereAndComesBack(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: lend" + HEALTH)) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      awaitHealth(gateway, "b1 is down");
      assertStays(client, client.body());
      assertThat(client.body()).isNotEqualTo("b1");
      b1.revive();
      awaitHealth(gateway, "b1 is up");
      assertStays(client, "b1");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TCP")
  void strict_sessionIsRefusedUntilItsBackendIsBack(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: strict")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      Message refused = client.get();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body())
          .isEqualTo("the backend of this session cannot serve it: cannot connect\n");
      assertThat(refused.field("content-type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(refused.field("cache-control")).isEqualTo("no-store");
      assertThat(refused.fields("set-cookie")).isEmpty();
      b1.revive();
      assertStays(client, "b1");
    }
  }

  @Test
  void strict_withHealthChecks_sessionIsRefusedUntilItsBackendIsBack() throws Exception {
    try (TestGateway gateway = start(Kind.LB_COOKIE, "failover: strict" + HEALTH)) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      awaitHealth(gateway, "b1 is down");
      Message refused = client.get();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body())
          .isEqualTo("the backend of this session cannot serve it: it is down\n");
      assertThat(refused.fields("set-cookie")).isEmpty();
      assertThat(client.other().get().status()).isEqualTo(200);
      b1.revive();
      awaitHealth(gateway, "b1 is up");
      assertStays(client, "b1");
    }
  }

  @Test
  void strict_tcpConnectionIsClosedUntilItsBackendIsBack() throws Exception {
    try (TestGateway gateway = start(Kind.TCP, "failover: strict")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      assertThatThrownBy(client::get).isInstanceOf(IOException.class);
      b1.revive();
      assertStays(client, "b1");
    }
  }

  @Test
  void move_responseCarriesAFreshCookieThatIsThenKept() throws Exception {
    try (TestGateway gateway = start(Kind.LB_COOKIE, "failover: move")) {
      Client client = gateway.sessionAt("b1");
      String old = client.cookie("limpet-web");
      b1.kill();

      Message moved = client.get();

      assertThat(moved.fields("set-cookie")).hasSize(1);
      assertThat(client.cookie("limpet-web")).isNotNull().isNotEqualTo(old);
      b1.revive();
      for (int i = 0; i < 5; i++) {
        Message kept = client.get();
        assertThat(kept.body()).isEqualTo(moved.body());
        assertThat(kept.fields("set-cookie")).isEmpty();
      }
    }
  }

  @Test
  void lend_responsesLeaveTheCookieAlone() throws Exception {
    try (TestGateway gateway = start(Kind.LB_COOKIE, "failover: lend")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      assertThat(client.get().fields("set-cookie")).isEmpty();
      b1.revive();
      Message back = client.get();
      assertThat(back.body()).isEqualTo("b1");
      assertThat(back.fields("set-cookie")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TCP")
  void nothingLeft_is503AndTheSessionIsRestored(Kind kind) throws Exception {
    try (TestGateway gateway = start(kind, "failover: move")) {
      Client client = gateway.sessionAt("b1");
      b1.kill();
      b2.kill();
      b3.kill();
      Message none = client.get();
      assertThat(none.status()).isEqualTo(503);
      assertThat(none.body()).isEqualTo("no backend can serve this request: cannot connect\n");
      assertThat(none.fields("set-cookie")).isEmpty();
      b1.revive();
      b2.revive();
      b3.revive();
      assertStays(client, "b1");
    }
  }

  @Test
  void allBackendsDown_newSessionsGet503() throws Exception {
    try (TestGateway gateway = start(Kind.LB_COOKIE, "failover: move" + HEALTH)) {
      b1.kill();
      b2.kill();
      b3.kill();
      awaitHealth(gateway, "b1 is down");
      awaitHealth(gateway, "b2 is down");
      awaitHealth(gateway, "b3 is down");
      Message none = new Client(gateway.port()).get();
      assertThat(none.status()).isEqualTo(503);
      assertThat(none.body())
          .isEqualTo("no backend can serve this request: all are down or draining\n");
    }
  }

  @Test
  void move_sessionsOfADeadBackendSpreadOverTheOthers() throws Exception {
    try (TestGateway gateway = start(Kind.LB_COOKIE, "failover: move")) {
      Set<String> targets = new HashSet<>();
      for (int i = 0; i < 40 && targets.size() < 2; i++) {
        Client client = gateway.sessionAt("b1");
        b1.kill();
        targets.add(client.body());
        b1.revive();
      }
      assertThat(targets).containsExactlyInAnyOrder("b2", "b3");
    }
  }

  private TestGateway start(Kind kind, String settings) throws IOException {
    return TestGateway.of(TestGateway.yaml(
        kind.protocol,
        "",
        kind.sticky + "\npassiveHealth: false\n" + settings,
        TestGateway.entries(b1, b2, b3)));
  }

  private static void assertStays(Client client, String backend) throws IOException {
    for (int i = 0; i < 5; i++) {
      assertThat(client.body()).isEqualTo(backend);
    }
  }

  private static void awaitHealth(TestGateway gateway, String text) throws Exception {
    Wait.until(() -> gateway.console().said().contains("backend web/" + text));
  }
}
