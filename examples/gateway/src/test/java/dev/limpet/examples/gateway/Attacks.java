package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What clients do to a gateway with LB cookies whose backends are {@link BackendProcess}es. */
final class Attacks {
  private static final int TIMES = 20;
  private static final int SLOW = 500;
  private static final int HALF_OPEN = 10_000;
  private static final int CLOSED_IN_MILLIS = 30_000;
  private static final Duration SLOW_LIMIT = Duration.ofSeconds(30);

  private final int port;
  private final Map<String, BackendProcess> backends;
  private int addresses;

  Attacks(int port, List<BackendProcess> backends) {
    this.port = port;
    this.backends = backends.stream().collect(Collectors.toMap(BackendProcess::id, one -> one));
  }

  /**
   * 300,000 cookies, and as many as a header section may have, among which is that of a session.
   */
  void masses() throws IOException {
    String allowed = "a=;".repeat(21_000);
    for (int i = 0; i < TIMES; i++) {
      assertThat(client().exchange(request("Cookie: " + "a=;".repeat(300_000))))
          .startsWith("HTTP/1.1 431 ");
      assertStays("Cookie: " + allowed, 2 + allowed.length());
    }
  }

  /** Header sections of almost 64 KiB, and of more. */
  void longHeaders() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      assertStays("X: " + "x".repeat(65_000), 0);
      assertThat(client().exchange(request("X: " + "x".repeat(65_536))))
          .startsWith("HTTP/1.1 431 ");
    }
  }

  /** A client that asks for its cookies to be taken for the connection's own. */
  void namedByConnection() throws IOException {
    for (int i = 0; i < TIMES; i++) {
      assertStays("Connection: cookie", 0);
    }
  }

  /** Header sections that come a byte at a time and never end. */
  void slowHeaders() throws Exception {
    List<Socket> sockets = open(SLOW, "GET / HTTP/1.1\r\nHost: a\r\nX: ");
    Wait.until(SLOW_LIMIT, () -> {
      sockets.removeIf(Attacks::refuses);
      return sockets.isEmpty();
    });
  }

  /** Connections over which half a request comes. */
  List<Socket> halfOpen() throws IOException {
    return open(HALF_OPEN, "GET / HT");
  }

  /** Asserts that the gateway closes connections. */
  void assertClosed(List<Socket> sockets) throws IOException {
    for (Socket socket : sockets) {
      try (socket) {
        socket.setSoTimeout(CLOSED_IN_MILLIS);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      } catch (SocketException reset) {
        // closed, too
      }
    }
  }

  private List<Socket> open(int count, String text) throws IOException {
    List<Socket> sockets = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Socket socket = client().connect();
      TestBackend.say(socket, text);
      sockets.add(socket);
    }
    return sockets;
  }

  private static boolean refuses(Socket socket) {
    try {
      TestBackend.say(socket, "x");
      return false;
    } catch (IOException closed) {
      return true;
    }
  }

  private Client client() {
    addresses++;
    return new Client(port, "127.0.99." + (1 + addresses % 250));
  }

  /**
   * Asserts that a session stays with one more field, and all but the gateway's cookie reaches the
   * backend.
   */
  private void assertStays(String field, int moreBytes) throws IOException {
    Client user = client();
    user.get();
    BackendProcess home;
    int phase;
    Message answer;
    do {
      home = backends.get(user.body());
      phase = home.phase();
      answer = user.get(field);
    } while (!home.servedSince(phase));
    assertThat(answer.body()).isEqualTo(home.id());
    assertThat(answer.field(BackendProcess.COOKIE_BYTES))
        .isEqualTo(Integer.toString("SID=".length() + user.cookie("SID").length() + moreBytes));
  }

  private static String request(String field) {
    return "GET / HTTP/1.1\r\nHost: site\r\n" + field + "\r\nConnection: close\r\n\r\n";
  }
}
