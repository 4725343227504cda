package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that give up and backends that are killed: a part of {@link StickyStory}. */
abstract class FaultStory extends SessionStory {
  private static final int SOME_OCTETS = 50_000;
  private static final int FIRST_SERVER_ERROR = 500;

  FaultStory() {}

  @ParameterizedTest
  @EnumSource
  void clientThatGivesUpDuringAResponse_closesItsRoute(Departure departure) throws Exception {
    startWithLbCookie();
    RawConnection connection = newClient().connect();
    connection.sendGet(RawBackend.ENDLESS);
    connection.head();
    connection.read(SOME_OCTETS);
    awaitOpenRoutes(1);

    departure.of(connection);

    awaitOpenRoutes(0);
  }

  @ParameterizedTest
  @EnumSource
  void clientThatGivesUpBeforeAResponse_closesItsRoute(Departure departure) throws Exception {
    need(StoryFeature.CLIENT_GONE_BEFORE_RESPONSE);
    startWithLbCookie();
    RawConnection connection = newClient().connect();
    connection.sendGet(RawBackend.SILENT);
    awaitWaiting(1);
    awaitOpenRoutes(1);

    departure.of(connection);

    awaitOpenRoutes(0);
    assertThat(waiting()).as("requests that are not answered yet").isOne();
  }

  @ParameterizedTest
  @EnumSource
  void clientThatGaveUp_hasNoRouteOnceItsBackendAnswers(Departure departure) throws Exception {
    startWithLbCookie();
    RawConnection connection = newClient().connect();
    connection.sendGet(RawBackend.SILENT);
    awaitWaiting(1);
    departure.of(connection);

    backends().forEach(RawBackend::release);

    awaitOpenRoutes(0);
    assertThat(ask(newClient())).isNotEmpty();
  }

  @Test
  void backendKilledDuringAResponse_cutsItOffAndItsSessionMoves() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.HALF);
    connection.head();
    connection.read(SOME_OCTETS);

    backend(home).kill();

    assertThat(catchThrowable(connection::answer))
        .as("the end of half a response")
        .isInstanceOfAny(EOFException.class, SocketException.class);
    awaitOpenRoutes(0);
    assertThat(ask(client)).isNotEqualTo(home);
  }

  @Test
  void backendKilledBeforeItsResponse_isAnErrorAndClosesItsRoute() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    RawConnection connection = client.connect();
    connection.sendPost(body(), RawBackend.SILENT);
    awaitWaiting(1);

    backend(home).kill();

    assertFails(connection);
    awaitOpenRoutes(0);
  }

  @Test
  void failoverOfAGet_setsAFreshCookieAndStaysWhereItMoved() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    Map<String, String> before = client.cookies();
    backend(home).kill();

    RawMessage answer = client.get();

    String moved = assertMoved(answer, home, client, before);
    assertStays(client, moved);
    backend(home).revive();
    assertStays(client, moved);
  }

  @Test
  void failoverOfAPost_takesItsBodyAlong() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    Map<String, String> before = client.cookies();
    byte[] body = body();
    backend(home).kill();

    RawMessage answer = client.post(body); // a second request after the kill would not move

    String moved = assertMoved(answer, home, client, before);
    assertThat(Echo.of(answer).bodyDigest()).isEqualTo(Echo.digest(body));
    assertStays(client, moved);
  }

  @Test
  void noBackendLeft_is503AndTheSessionIsKept() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    for (RawBackend backend : backends()) {
      backend.kill();
    }

    assertNoBackend(client.get());
    assertNoBackend(client.post(body()));
    assertNoBackend(newClient().get());
    for (RawBackend backend : backends()) {
      backend.revive();
    }
    assertStays(client, home);
  }

  @Test
  void backendThatAnswersNoSyn_isLeftForAnother() throws Exception {
    need(StoryFeature.CONNECT_TIMEOUT);
    startWithLbCookie();
    RawClient client = newClient();
    String home = ask(client);
    Map<String, String> before = client.cookies();
    silence(home);

    RawMessage answer = client.post(body());

    String moved = assertMoved(answer, home, client, before);
    assertThat(Echo.of(answer).bodyDigest()).isEqualTo(Echo.digest(body()));
    assertStays(client, moved);
  }

  @ParameterizedTest
  @EnumSource
  void clientThatGivesUpWhileItsBackendIsConnectedTo_leavesNoRoute(Departure departure)
      throws Exception {
    need(StoryFeature.CONNECT_TIMEOUT);
    startWithLbCookie();
    RawClient client = newClient();
    String home = begin(client);
    silence(home);
    RawConnection connection = client.connect();
    connection.sendGet();
    awaitOpenRoutes(1);

    departure.of(connection);

    awaitOpenRoutes(0);
  }

  @Test
  void appCookieSession_movesWhenItsBackendIsKilled_andStaysThere() throws Exception {
    startWithAppCookie();
    RawClient client = newClient();
    String home = logIn(client, "1A");
    backend(home).kill();

    Echo moved = Echo.of(client.post(body()));

    assertThat(moved.backend()).isNotEqualTo(home);
    assertThat(moved.bodyDigest()).isEqualTo(Echo.digest(body()));
    assertStays(client, moved.backend());
    backend(home).revive();
    assertStays(client, moved.backend());
  }

  /** Returns the id of the backend that the session moved to. */
  private static String assertMoved(
      RawMessage answer, String home, RawClient client, Map<String, String> before) {
    assertThat(answer.status()).isEqualTo(200);
    String moved = Echo.of(answer).backend();
    assertThat(moved).isNotEqualTo(home);
    assertThat(answer.fields("Set-Cookie")).as("cookies of a moved session").hasSize(1);
    assertThat(client.cookies().keySet()).isEqualTo(before.keySet());
    assertThat(client.cookies()).isNotEqualTo(before);
    return moved;
  }

  /** The client gets an error of the proxy, or its connection is closed. */
  private static void assertFails(RawConnection connection) throws IOException {
    try {
      assertThat(connection.answer().status()).isGreaterThanOrEqualTo(FIRST_SERVER_ERROR);
    } catch (EOFException | SocketException closed) {
      // that is as clear
    }
  }

  private static void assertNoBackend(RawMessage answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.fields("Set-Cookie")).isEmpty();
  }
}
