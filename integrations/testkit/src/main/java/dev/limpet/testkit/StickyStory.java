package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests a proxy that embeds Limpet from outside: sessions by LB cookie and by app cookie stick and
 * move, cookies pass or are kept from the backend, clients give up, and backends are killed in the
 * middle of a response or answer no SYN, with requests and with WebSockets. After each test, no
 * route may be left open. Each test has three {@linkplain RawBackend backends} and starts a proxy
 * of its own.
 *
 * <p>To test a proxy, extend this class as in the example of {@linkplain dev.limpet.testkit the
 * package}. If its framework lacks a feature, say so in {@link #unsupported}:
 *
 * <pre>{@code
 * return Map.of(StoryFeature.WEB_SOCKET, "the framework has no tunnels");
 * }</pre>
 *
 * <p>No test sleeps: each wait ends with the event that it is for. Most of the time goes into
 * starting and closing the proxy some 30 times, and into three connects that time out.
 */
@Timeout(60)
public abstract class StickyStory extends FaultStory {

  /** For subclasses. */
  protected StickyStory() {}

  @Test
  void webSocketOfASession_reachesItsBackendAndHoldsARoute() throws Exception {
    need(StoryFeature.WEB_SOCKET);
    startWithLbCookie();
    RawClient client = newClient();
    String home = begin(client);

    RawConnection webSocket = client.connect();
    assertThat(open(webSocket)).isEqualTo(home);

    assertThat(backend(home).requests().stream().filter(RawMessage::isWebSocket))
        .singleElement()
        .satisfies(handshake -> assertThat(handshake.fields("Cookie")).isEmpty());
    for (String text : new String[] {"one", "two", "three"}) {
      webSocket.sendText(text);
      assertThat(webSocket.text()).isEqualTo(text);
    }
    awaitOpenRoutes(1);
    webSocket.leave();
    awaitOpenRoutes(0);
  }

  @Test
  void webSocketWithoutACookie_beginsASession() throws Exception {
    need(StoryFeature.WEB_SOCKET);
    startWithLbCookie();
    RawClient client = newClient();
    RawConnection webSocket = client.connect();

    String home = open(webSocket);

    assertThat(client.cookies()).hasSize(1);
    assertStays(client, home);
    awaitOpenRoutes(1);
    RawConnection second = client.connect();
    assertThat(open(second)).isEqualTo(home);
    awaitOpenRoutes(2);
    webSocket.leave();
    second.leave();
  }

  @ParameterizedTest
  @EnumSource
  void webSocketThatIsGivenUp_closesItsRoute(Departure departure) throws Exception {
    need(StoryFeature.WEB_SOCKET);
    startWithLbCookie();
    RawConnection webSocket = newClient().connect();
    open(webSocket);
    awaitOpenRoutes(1);

    departure.of(webSocket);

    awaitOpenRoutes(0);
  }

  @Test
  void webSocketWhoseBackendIsKilled_endsAndClosesItsRoute() throws Exception {
    need(StoryFeature.WEB_SOCKET);
    startWithLbCookie();
    RawConnection webSocket = newClient().connect();
    String home = open(webSocket);
    awaitOpenRoutes(1);

    backend(home).kill();

    assertEnds(webSocket);
    awaitOpenRoutes(0);
  }

  @Test
  void webSocketToAKilledBackend_goesElsewhere() throws Exception {
    need(StoryFeature.WEB_SOCKET);
    need(StoryFeature.WEB_SOCKET_FAILOVER);
    startWithLbCookie();
    RawClient client = newClient();
    String home = begin(client);
    backend(home).kill();

    RawConnection webSocket = client.connect();
    assertThat(open(webSocket)).isNotEqualTo(home);

    awaitOpenRoutes(1);
    webSocket.leave();
  }

  /** Opens a WebSocket, and returns the id of the backend, which is the first text. */
  private static String open(RawConnection connection) throws IOException {
    RawMessage answer = connection.upgrade();
    assertThat(answer.status()).isEqualTo(101);
    assertThat(answer.field("Upgrade")).isEqualToIgnoringCase("websocket");
    String id = connection.text();
    assertThat(id).as("the first text").isNotNull();
    return String.valueOf(id);
  }

  /** The proxy closes the WebSocket, by a frame, a FIN or a RST. */
  private static void assertEnds(RawConnection webSocket) throws IOException {
    try {
      assertThat(webSocket.text()).isNull();
    } catch (SocketException reset) {
      // an end too
    }
  }
}
