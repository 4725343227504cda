package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for operators: who may use it, and what it answers. */
@Timeout(60)
class AdminTest {
  private static final String TOKEN = "S3cret-of-the-operator";
  private static final String OPEN = "admin: {port: 0}\n";
  private static final String GUARDED = "admin: {port: 0, token: " + TOKEN + "}\n";

  private final CountDownLatch goOn = new CountDownLatch(1);
  private TestBackend backend;

  @BeforeEach
  void start() throws IOException {
    backend = TestBackend.http("b1", request -> {
      if (request.startLine().contains("/slow")) {
        Wait.until(goOn);
      }
      return TestBackend.ok("b1");
    });
  }

  @AfterEach
  void stop() throws IOException {
    goOn.countDown();
    backend.close();
  }

  /** Sends a request as a scraper does, with more fields. */
  static Message get(int port, String path, String... fields) throws IOException {
    return send(port, "GET", path, "127.0.0.1", fields);
  }

  private static Message send(int port, String method, String path, String host, String... fields)
      throws IOException {
    try (Socket socket = new Client(port).connect()) {
      TestBackend.say(
          socket,
          method + ' ' + path + " HTTP/1.1\r\nHost: " + host + "\r\n"
              + String.join(
                  "", List.of(fields).stream().map(field -> field + "\r\n").toList())
              + "Connection: close\r\n\r\n");
      return Client.response(socket, method);
    }
  }

  @Test
  void withoutTheKey_thereIsNoSuchPort() throws IOException {
    try (TestGateway gateway = gateway("")) {
      assertThat(gateway.gateway().adminPort()).isEqualTo(-1);
      assertThat(gateway.console().said()).noneMatch(line -> line.contains("admin"));
    }
  }

  @Test
  void thePort_isSaidAtTheStart() throws IOException {
    try (TestGateway gateway = gateway(OPEN)) {
      assertThat(gateway.console().said())
          .contains("listening admin 127.0.0.1:" + gateway.gateway().adminPort());
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
      none | text/plain; version=0.0.4; charset=utf-8
      */* | text/plain; version=0.0.4; charset=utf-8
      text/plain;version=0.0.4 | text/plain; version=0.0.4; charset=utf-8
      application/vnd.google.protobuf;encoding=delimited | text/plain; version=0.0.4; charset=utf-8
      application/openmetrics-text;version=1.0.0,text/plain;q=0.5 | application/openmetrics-text; version=1.0.0; charset=utf-8
      """)
  void metrics_areInTheFormatThatTheScraperAccepts(String accept, String type) throws IOException {
    try (TestGateway gateway = gateway(OPEN)) {
      int port = gateway.gateway().adminPort();
      Message answer =
          (accept == null) ? get(port, "/metrics") : get(port, "/metrics", "Accept: " + accept);

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.fields("content-type")).containsExactly(type);
      assertThat(answer.fields("cache-control")).containsExactly("no-store");
      assertThat(answer.body()).contains("limpet_pool_backends{pool=\"web\",state=\"up\"} 1.0");
      assertThat(answer.body().endsWith("# EOF\n")).isEqualTo(type.contains("openmetrics"));
    }
  }

  @Test
  void head_isAnsweredWithoutABody() throws IOException {
    try (TestGateway gateway = gateway(OPEN)) {
      Message answer = send(gateway.gateway().adminPort(), "HEAD", "/metrics", "127.0.0.1");

      assertThat(answer.status()).isEqualTo(200);
      assertThat(Integer.parseInt(answer.field("content-length"))).isGreaterThan(1000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /, 200",
    "GET, /metrics/, 404",
    "GET, /Metrics, 404",
    "GET, /metrics?name=x, 200",
    "POST, /metrics, 405",
    "DELETE, /metrics, 405",
    "BREW, /metrics, 405",
    "POST, /other, 404",
    "OPTIONS, *, 404"
  })
  void otherPathsAndMethods_areRefused(String method, String path, int status) throws IOException {
    try (TestGateway gateway = gateway(OPEN)) {
      Message answer = send(gateway.gateway().adminPort(), method, path, "127.0.0.1");

      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.fields("allow")).hasSize((status == 405) ? 1 : 0);
      if (status == 405) {
        assertThat(answer.field("allow")).isEqualTo("GET, HEAD");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer " + TOKEN,
        "authorization: bearer " + TOKEN,
        "Authorization: BEARER   " + TOKEN + "  "
      })
  void theToken_opensThePort(String field) throws IOException {
    try (TestGateway gateway = gateway(GUARDED)) {
      assertThat(get(gateway.gateway().adminPort(), "/metrics", field).status()).isEqualTo(200);
      assertThat(get(gateway.gateway().adminPort(), "/other", field).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "X: y",
        "Authorization: Bearer",
        "Authorization: Bearer ",
        "Authorization: Bearer S3cret-of-the-operatoR",
        "Authorization: Bearer S3cret-of-the-operator2",
        "Authorization: Bearer S3cret-of-the-operato",
        "Authorization: S3cret-of-the-operator",
        "Authorization: Basic S3cret-of-the-operator",
        "Authorization: Bearer S3cret-of-the-operator\r\nAuthorization: Bearer S3cret-of-the-operator",
        "Authorization: Bearer S3cret-of-the-op\u00e9rator"
      })
  void withoutTheToken_everyPathIsRefused(String field) throws IOException {
    try (TestGateway gateway = gateway(GUARDED)) {
      for (String path : List.of("/metrics", "/other")) {
        Message answer = get(gateway.gateway().adminPort(), path, field);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.fields("www-authenticate")).containsExactly("Bearer realm=\"limpet\"");
        assertThat(answer.body()).isEqualTo("Unauthorized\n");
      }
    }
  }

  @Test
  void theToken_isNeverShown() throws IOException {
    try (TestGateway gateway = gateway(GUARDED)) {
      String port = String.valueOf(gateway.gateway().adminPort());
      assertThat(gateway.console().said()).anyMatch(line -> line.endsWith(port));
      assertThat(gateway.console().said()).noneMatch(line -> line.contains(TOKEN));
      assertThat(get(gateway.gateway().adminPort(), "/metrics", "Authorization: Bearer " + TOKEN)
              .body())
          .doesNotContain(TOKEN);
    }
  }

  /** A page of another site that a browser on this host shows could read the port otherwise. */
  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:80, 200",
    "127.0.0.1:8090, 200",
    "[::1]:8090, 200",
    "192.0.2.7, 200",
    "evil.example, 403",
    "localhost.evil.example, 403",
    "127.0.0.1.evil.example, 403"
  })
  void withoutAToken_onlyTheNameOfThisHostIsServed(String host, int status) throws IOException {
    try (TestGateway gateway = gateway(OPEN)) {
      assertThat(send(gateway.gateway().adminPort(), "GET", "/metrics", host).status())
          .isEqualTo(status);
    }
  }

  @Test
  void withAToken_anyNameIsServed() throws IOException {
    try (TestGateway gateway = gateway(GUARDED)) {
      assertThat(send(
                  gateway.gateway().adminPort(),
                  "GET",
                  "/metrics",
                  "gateway.example",
                  "Authorization: Bearer " + TOKEN)
              .status())
          .isEqualTo(200);
    }
  }

  @Test
  void duringAStop_itServesUntilTheEnd() throws Exception {
    TestGateway gateway = gateway(OPEN, "1h");
    int port = gateway.gateway().adminPort();
    try (Socket asking = gateway.client().connect()) {
      TestBackend.say(asking, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      Wait.until(() -> !backend.requests().isEmpty());
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
      Wait.until(() -> isRefused(gateway.port()));

      Message during = get(port, "/metrics");

      assertThat(stopped).isNotDone();
      assertThat(during.status()).isEqualTo(200);
      assertThat(Samples.of(during.body()).sum("limpet_backend_connections")).isEqualTo(1);
      goOn.countDown();
      assertThat(Client.response(asking, "GET").body()).isEqualTo("b1");
      stopped.get(30, TimeUnit.SECONDS);
    }
    assertThat(isRefused(port)).isTrue();
  }

  private static boolean isRefused(int port) throws IOException {
    try {
      new Client(port).connect().close();
      return false;
    } catch (SocketException refused) { // or reset, if the listener closes at this moment
      return true;
    }
  }

  @Test
  void aPortInUse_isReported_andNothingIsLeft() throws IOException {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> gateway("admin: {port: " + used.getLocalPort() + "}\n"))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(
              "admin: cannot listen at 127.0.0.1:" + used.getLocalPort() + " (");
    }
  }

  @Test
  void manyScrapesAtOnce_areAllAnswered() throws Exception {
    try (TestGateway gateway = gateway(OPEN)) {
      int port = gateway.gateway().adminPort();
      List<CompletableFuture<Integer>> answers =
          IntStream.range(0, 20).mapToObj(i -> scraped(port)).toList();
      for (CompletableFuture<Integer> answer : answers) {
        assertThat(answer.get(30, TimeUnit.SECONDS)).isEqualTo(200);
      }
    }
  }

  private static CompletableFuture<Integer> scraped(int port) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return get(port, "/metrics").status();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private TestGateway gateway(String admin) throws IOException {
    return gateway(admin, "0s");
  }

  private TestGateway gateway(String admin, String stopTimeout) throws IOException {
    String yaml = TestGateway.yaml("http", "", TestGateway.LB_COOKIE, TestGateway.entries(backend));
    return TestGateway.of(admin + yaml.replace("stopTimeout: 0s", "stopTimeout: " + stopTimeout));
  }
}
