package dev.limpet.benchmarks.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelayTest {
  private final List<HttpServer> backends = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    for (String name : List.of("a", "b", "c")) {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext("/", exchange -> {
        byte[] body = name.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
      });
      server.start();
      backends.add(server);
    }
  }

  @AfterEach
  void stop() {
    backends.forEach(server -> server.stop(0));
  }

  @Test
  void plain_takesTheBackendsInTurn() throws Exception {
    assertThat(visited("plain")).containsOnly("a", "b", "c");
  }

  @Test
  void lbCookie_keepsAClientAtItsBackend() throws Exception {
    assertThat(Set.copyOf(visited("lb-cookie"))).hasSize(1);
  }

  @Test
  void otherMode_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Relay.start("sticky", 0))
        .withMessage("mode: sticky (expected: plain or lb-cookie)");
  }

  /** Returns the answers to nine requests of a client that keeps its cookies. */
  private List<String> visited(String mode) throws Exception {
    String[] ports = backends.stream()
        .map(server -> Integer.toString(server.getAddress().getPort()))
        .toArray(String[]::new);
    Channel relay = Relay.start(mode, 0, ports);
    HttpClient client =
        HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
    int port = ((InetSocketAddress) relay.localAddress()).getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build();
    List<String> visited = new ArrayList<>();
    try {
      for (int i = 0; i < 9; i++) {
        visited.add(client.send(request, BodyHandlers.ofString()).body());
      }
    } finally {
      relay.close().syncUninterruptibly();
    }
    return visited;
  }
}
