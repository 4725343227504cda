package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a server sees of clients. */
@Timeout(60)
class RawClientTest {
  private final RawBackend backend = backend();
  private final RawClient client = new RawClient(backend.port(), Duration.ofSeconds(10));
  private ServerSocket server;

  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    backend.close();
    server.close();
  }

  @Test
  void cookies_areSentBackUntilTheyAreDeleted() throws Exception {
    assertThat(Echo.of(client.get()).request().fields("Cookie")).isEmpty();
    client.get(RawBackend.setCookie("a=1; Path=/"), RawBackend.setCookie("b==2=; Secure"));
    assertThat(client.cookies()).isEqualTo(Map.of("a", "1", "b", "=2="));
    assertThat(Echo.of(client.get()).request().fields("Cookie")).containsExactly("a=1; b==2=");

    client.get(RawBackend.setCookie("a=; Max-Age=0"));

    assertThat(Echo.of(client.get()).request().fields("Cookie")).containsExactly("b==2=");
  }

  @Test
  void cookies_areThoseOfOneClient() throws Exception {
    client.get(RawBackend.setCookie("a=1"));

    try (RawClient other = new RawClient(backend.port(), Duration.ofSeconds(10))) {
      assertThat(Echo.of(other.withCookie("b", "2").get()).request().fields("Cookie"))
          .containsExactly("b=2");
    }
    assertThat(client.cookies()).isEqualTo(Map.of("a", "1"));
  }

  @Test
  void leave_isAnEndOfTheStream() throws Exception {
    RawConnection connection = connected();
    try (Socket accepted = server.accept()) {
      connection.leave();

      assertThat(accepted.getInputStream().read()).isNegative();
    }
  }

  @Test
  void reset_isAReset() throws Exception {
    RawConnection connection = connected();
    try (Socket accepted = server.accept()) {
      connection.reset();

      assertThatThrownBy(() -> accepted.getInputStream().read())
          .isInstanceOf(SocketException.class);
    }
  }

  @Test
  void answerThatDoesNotCome_endsTheWait() throws Exception {
    try (RawClient hasty = new RawClient(server.getLocalPort(), Duration.ofMillis(20))) {
      assertThatThrownBy(hasty::get).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void textThatIsTooLong_isRefused() throws Exception {
    RawConnection connection = connected();

    assertThatThrownBy(() -> connection.sendText("x".repeat(126)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("text: 126 octets (expected: 0..125)");
  }

  @SuppressWarnings("resource")
  private RawConnection connected() throws IOException {
    return new RawClient(server.getLocalPort(), Duration.ofSeconds(10)).connect();
  }

  private static RawBackend backend() {
    try {
      return RawBackend.start("b1");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
