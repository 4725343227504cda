package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.FailureKind;
import dev.limpet.core.Member;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import reactor.netty.http.HttpResources;

/** What the failures of requests say of a backend. Each test ejects one after a single failure. */
@Tag("slow")
class HealthTest extends GatewayScene {

  @Test
  void failedConnect_ejects() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    backend(home).kill();

    assertThat(ask(client)).isNotEqualTo(home);

    assertThat(cause(home)).isEqualTo(FailureKind.CONNECT);
  }

  @Test
  void connectionThatBreaksBeforeTheResponse_ejects() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.SILENT);
    awaitWaiting(1);

    backend(home).kill();

    assertThat(connection.answer().status()).isEqualTo(500);
    assertThat(cause(home)).isEqualTo(FailureKind.RESET_BEFORE_RESPONSE);
    assertThat(ask(client)).isNotEqualTo(home);
  }

  @Test
  void responseTimeout_ejects() throws Exception {
    start(withTimedRoute(ejectingAtOnce(), 300));
    RawClient client = newClient();
    String home = ask(client);

    assertThat(client.get(RawBackend.SILENT, "Timed: yes").status()).isEqualTo(504);

    assertThat(cause(home)).isEqualTo(FailureKind.TIMEOUT);
    awaitOpenRoutes(0);
  }

  @Test
  void responseTimeoutDuringTheConnect_isAFailedConnect() throws Exception {
    start(withTimedRoute(ejectingAtOnce(), 2_000)
        .with("spring.cloud.gateway.server.webflux.httpclient.connect-timeout", 30_000));
    RawClient client = newClient();
    String home = ask(client);
    assumeTrue(backend(home).fallSilent(), "this system answers SYNs in spite of a full backlog");

    assertThat(ask(client, "Timed: yes")).isNotEqualTo(home);

    assertThat(cause(home)).isEqualTo(FailureKind.CONNECT);
  }

  @Test
  void statusThatIsNamed_ejects() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1");
        StatusServer b2 = StatusServer.start("b2")) {
      start(TestGateway.listed(StatusServer.backends(b1, b2))
          .pool("passive-health.failures", 1)
          .pool("passive-health.statuses", "502,503"));
      RawClient client = newClient();
      String home = client.get().field("Server-Id");
      (home.equals("b1") ? b1 : b2).failNext(1);

      assertThat(client.get().status()).isEqualTo(503);

      assertThat(cause(home)).isEqualTo(FailureKind.STATUS);
    }
  }

  @Test
  void clientThatLeaves_saysNothingOfTheBackend() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.SILENT);
    awaitWaiting(1);
    awaitOpenRoutes(1);

    connection.reset();

    awaitOpenRoutes(0);
    assertThat(member(home).state()).isEqualTo(Member.State.UP);
  }

  @Test
  void clientThatLeavesWhileItSendsABody_saysNothingOfTheBackend() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet("Content-Length: 1000000"); // and no body follows
    awaitOpenRoutes(1);
    await("connections", 1, backend(home)::openConnections);

    connection.reset();

    awaitOpenRoutes(0);
    assertThat(member(home).state()).isEqualTo(Member.State.UP);
  }

  @Test
  void clientThatSendsItsBodyTooSlowly_saysNothingOfTheBackend() throws Exception {
    start(withTimedRoute(ejectingAtOnce(), 300));
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet("Timed: yes", "Content-Length: 1000000"); // and no body follows

    assertThat(connection.answer().status()).isEqualTo(504);

    assertThat(member(home).state()).isEqualTo(Member.State.UP);
  }

  @Test
  void webSocketThatCannotConnect_ejects() throws Exception {
    startEjectingAtOnce();
    RawClient client = newClient();
    String home = ask(client);
    backend(home).kill();

    RawConnection webSocket = client.connect();
    assertThat(webSocket.upgrade().status()).isEqualTo(101);
    assertThat(webSocket.text()).isEqualTo(other(home).id());

    assertThat(cause(home)).isEqualTo(FailureKind.CONNECT);
    webSocket.leave();
  }

  @Test
  void webSocketsAlone_ejectABackendAfterThreeFailures() throws Exception {
    start(TestGateway.listed(backends()).pool("sticky-session.type", "source-ip"));
    RawConnection first = newClient().connect();
    first.upgrade();
    String home = first.text();
    first.leave();
    backend(home).kill();
    gateway().pool().change(edit -> edit.drain(other(home).id())); // so that all begin there

    for (int i = 0; i < 3; i++) {
      RawConnection webSocket =
          closing(new RawClient(gateway().port(), PATIENCE)).connect();
      webSocket.upgrade();
      assertEnds(webSocket);
    }

    assertThat(gateway().pool().ejectionStats().prevented()
            + gateway().pool().ejectionStats().ejections())
        .isPositive();
  }

  @Test
  void backendThatRestarts_servesItsKeptConnectionsAgain() throws Exception {
    try (StatusServer b1 = StatusServer.start("b1");
        StatusServer b2 = StatusServer.start("b2")) {
      start(TestGateway.listed(StatusServer.backends(b1, b2)));
      RawClient client = newClient();
      String home = client.get().field("Server-Id");
      StatusServer server = home.equals("b1") ? b1 : b2;
      for (int i = 0; i < 5; i++) {
        server.close();
        awaitEventLoops();

        RawMessage moved = client.post(new byte[50_000]);

        assertThat(moved.status()).isEqualTo(200);
        assertThat(moved.field("Body-Size")).isEqualTo("50000");
        assertThat(moved.field("Server-Id")).isNotEqualTo(home);
        server.revive();
        home = moved.field("Server-Id");
        server = home.equals("b1") ? b1 : b2;
      }
    }
  }

  /**
   * Waits until the gateway has noticed that its kept connections are closed. A loop takes timers
   * once in each round, after it has looked at its sockets. The first timer may belong to a round
   * that has looked before the close; the second does not.
   */
  private static void awaitEventLoops() {
    for (int i = 0; i < 2; i++) {
      HttpResources.get().onClient(true).forEach(HealthTest::awaitTask);
      HttpResources.get().onServer(true).forEach(HealthTest::awaitTask);
    }
  }

  private static void awaitTask(EventExecutor loop) {
    loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).syncUninterruptibly();
  }

  private static void assertEnds(RawConnection webSocket) {
    Callable<String> text = webSocket::text;
    try {
      assertThat(text.call()).isNull();
    } catch (IOException closed) {
      // an end too
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Adds a route for requests that have the field {@code Timed}. */
  private static TestGateway.Settings withTimedRoute(TestGateway.Settings settings, int millis) {
    String route = "spring.cloud.gateway.server.webflux.routes[1].";
    return settings
        .with("spring.cloud.gateway.server.webflux.routes[0].order", 1)
        .with(route + "id", "timed")
        .with(route + "uri", "limpet://" + TestGateway.POOL)
        .with(route + "predicates[0]", "Header=Timed")
        .with(route + "metadata.response-timeout", millis);
  }

  private void startEjectingAtOnce() {
    start(ejectingAtOnce());
  }

  private TestGateway.Settings ejectingAtOnce() {
    return TestGateway.listed(backends()).pool("passive-health.failures", 1);
  }

  private FailureKind cause(String id) {
    Member member = member(id);
    assertThat(member.state()).isEqualTo(Member.State.EJECTED);
    return member.ejection().cause();
  }

  private Member member(String id) {
    return gateway().pool().snapshot().member(id);
  }
}
