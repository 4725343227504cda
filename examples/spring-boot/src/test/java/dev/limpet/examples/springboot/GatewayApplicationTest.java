package dev.limpet.examples.springboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** The application does what its README tells. */
@Tag("slow")
class GatewayApplicationTest {
  private static final String BACKEND = "--limpet.pools.shop.backends";
  private final HttpClient http = HttpClient.newHttpClient();
  private ConfigurableApplicationContext context;
  private String cookie = "";

  @BeforeEach
  void start() throws IOException {
    context = SpringApplication.run(
        GatewayApplication.class,
        "--server.port=0",
        "--server.shutdown=immediate",
        "--spring.main.banner-mode=off",
        "--logging.level.root=off",
        BACKEND + "[0].id=shop1",
        BACKEND + "[0].address=127.0.0.1:" + freePort(),
        BACKEND + "[1].id=shop2",
        BACKEND + "[1].address=127.0.0.1:" + freePort());
  }

  @AfterEach
  void stop() {
    context.close();
  }

  @Test
  void sessions_stickDrainAndFailOver() throws Exception {
    String home = ask();
    assertThat(cookie).startsWith("limpet-shop=");
    for (int i = 0; i < 4; i++) {
      assertThat(ask()).isEqualTo(home);
    }

    drain(home);

    assertThat(ask()).isEqualTo(home);
    String other = newcomer();
    assertThat(List.of("shop1", "shop2")).contains(other);
    assertThat(other).isNotEqualTo(home);

    context.getBean(home, DemoBackend.class).stop();

    assertThat(ask()).isEqualTo(other);
  }

  private String newcomer() throws Exception {
    String known = cookie;
    cookie = "";
    try {
      return ask();
    } finally {
      cookie = known;
    }
  }

  /** Asks with the cookie of the session, on a new connection of its own. */
  private String ask() throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/"));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    var response = http.send(request.build(), BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    response
        .headers()
        .firstValue("Set-Cookie")
        .ifPresent(line -> cookie = line.substring(0, line.indexOf(';')));
    return response.body().strip();
  }

  private void drain(String backend) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri("/actuator/limpet/shop/" + backend))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString("{\"action\": \"drain\"}"))
        .build();
    assertThat(http.send(request, BodyHandlers.discarding()).statusCode()).isEqualTo(200);
  }

  private URI uri(String path) {
    int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    return URI.create("http://127.0.0.1:" + port + path);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
