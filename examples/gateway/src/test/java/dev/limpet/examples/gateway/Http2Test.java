package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 and TLS toward clients. */
@Timeout(30)
class Http2Test {
  @TempDir
  private Path folder;

  private final Vertx vertx = Vertx.vertx();
  private final List<HttpClient> clients = new ArrayList<>(); // Vert.x closes what nobody holds
  private TestBackend b1;
  private TestBackend b2;

  @BeforeEach
  void start() throws IOException {
    b1 = sized("b1");
    b2 = sized("b2");
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    b1.close();
    b2.close();
  }

  @Test
  void tls_sessionSticksAndItsCookieIsSecure() throws Exception {
    try (TestGateway gateway = tls()) {
      for (HttpVersion version : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)) {
        HttpClient client = client(version, true);
        Answer first = ask(gateway, client, HttpMethod.GET, HttpClientRequest::send);
        assertThat(first.version()).isEqualTo(version);
        String set = first.cookie();
        assertThat(set).startsWith("__Host-limpet-web=").contains("; Secure");
        String cookie = set.substring(0, set.indexOf(';'));
        for (int i = 0; i < 4; i++) {
          Answer kept = ask(
              gateway,
              client,
              HttpMethod.GET,
              request -> request.putHeader("cookie", cookie).send());
          assertThat(kept.body()).isEqualTo(first.body());
          assertThat(kept.cookie()).isNull();
        }
      }
      Message seen = b1.requests().isEmpty() ? b2.last() : b1.last();
      assertThat(seen.field("x-forwarded-proto")).isEqualTo("https");
    }
  }

  @Test
  void crumbs_reachTheBackendAsOneFieldWithoutOurs() throws Exception {
    try (TestGateway gateway = plain()) {
      String ours = gateway.sessionAt("b2 0").cookieField().strip().substring("Cookie: ".length());
      HttpClient client = client(HttpVersion.HTTP_2, false);
      List<String> crumbs = List.of("a=1", "limpet-web=forged", ours, "b=\"2", "c=3; d=4");
      Answer kept = ask(gateway, client, HttpMethod.GET, request -> {
        request.headers().add("cookie", crumbs);
        return request.send();
      });
      assertThat(kept.body()).isEqualTo("b2 0");
      assertThat(kept.cookie()).isNull();
      assertThat(b2.last().fields("cookie")).containsExactly("a=1; b=\"2; c=3; d=4");
      assertThat(b2.last().head())
          .doesNotContain(":path", ":authority", ":method")
          .contains("x-forwarded-host: 127.0.0.1:" + gateway.port());

      ask(
          gateway,
          client,
          HttpMethod.GET,
          request -> request.putHeader("cookie", ours).send());
      assertThat(b2.last().head()).doesNotContainIgnoringCase("cookie");
    }
  }

  @Test
  void bodies_passWithAndWithoutALength() throws Exception {
    try (TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      HttpClient client = client(HttpVersion.HTTP_2, false);
      Buffer big = Buffer.buffer(new byte[1_000_000]);
      Answer sized = ask(gateway, client, HttpMethod.PUT, request -> request.send(big));
      assertThat(sized.body()).isEqualTo("b1 1000000");
      assertThat(b1.last().field("content-length")).isEqualTo("1000000");
      Answer streamed = ask(gateway, client, HttpMethod.PUT, request -> {
        request.setChunked(true);
        request.write(big);
        return request.end(big).compose(sent -> request.response());
      });
      assertThat(streamed.body()).isEqualTo("b1 2000000");
      assertThat(b1.last().field("transfer-encoding")).isEqualTo("chunked");
      Answer empty = ask(gateway, client, HttpMethod.POST, HttpClientRequest::send);
      assertThat(empty.body()).isEqualTo("b1 0");
    }
  }

  @Test
  void headers_longerThan64KiBAre431_60KiBPass() throws Exception {
    try (TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1)) {
      HttpClient client = client(HttpVersion.HTTP_2, false);
      assertThat(askWith(gateway, client, "a=" + "c".repeat(60 * 1024)).status())
          .isEqualTo(200);
      int before = b1.requests().size();
      Answer longer = askWith(gateway, client, "a=" + "c".repeat(70_000));
      assertThat(longer.status()).isEqualTo(431);
      assertThat(longer.cookie()).isNull();
      assertThat(askWith(gateway, client, "a=" + "c".repeat(200_000)).status()).isEqualTo(431);
      assertThat(b1.requests()).hasSize(before);
      assertThat(askWith(gateway, client, "a=b").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1\r\ny: 2", "1\ny: 2", "1\u00002"})
  void controlCharactersInAField_reachNoBackend(String value) throws Exception {
    try (TestGateway gateway = TestGateway.http(TestGateway.LB_COOKIE, b1);
        Socket socket = new Client(gateway.port()).connect()) {
      TestBackend.say(socket, Http2Frames.PREFACE);
      TestBackend.say(socket, Http2Frames.get(1, Http2Frames.field("x", "harmless")));
      Wait.until(() -> b1.requests().size() == 1);

      TestBackend.say(socket, Http2Frames.get(3, Http2Frames.field("x", value)));

      TestBackend.say(socket, Http2Frames.get(5, Http2Frames.field("x", "after")));
      socket.shutdownOutput();
      Client.all(socket);
      assertThat(b1.requests()).allSatisfy(seen -> assertThat(seen.field("x")).matches("[a-z]+"));
    }
  }

  @Test
  void upgradeFromHttp1_isHttp2() throws Exception {
    try (TestGateway gateway = plain()) {
      HttpClient client = hold(
          vertx.createHttpClient(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2)));
      Answer answer = ask(gateway, client, HttpMethod.GET, HttpClientRequest::send);
      assertThat(answer.version()).isEqualTo(HttpVersion.HTTP_2);
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  private TestGateway tls() throws Exception {
    String settings = TestCertificate.create(folder);
    return TestGateway.of(
        TestGateway.yaml("http", settings, TestGateway.LB_COOKIE, TestGateway.entries(b1, b2)));
  }

  private TestGateway plain() throws IOException {
    return TestGateway.http(TestGateway.LB_COOKIE, b1, b2);
  }

  private HttpClient client(HttpVersion version, boolean tls) {
    return hold(vertx.createHttpClient(new HttpClientOptions()
        .setProtocolVersion(version)
        .setHttp2ClearTextUpgrade(false)
        .setUseAlpn(tls)
        .setSsl(tls)
        .setTrustAll(true)
        .setVerifyHost(false)));
  }

  private HttpClient hold(HttpClient client) {
    clients.add(client);
    return client;
  }

  private static Answer askWith(TestGateway gateway, HttpClient client, String cookie)
      throws Exception {
    return ask(
        gateway,
        client,
        HttpMethod.GET,
        request -> request.putHeader("cookie", cookie).send());
  }

  private static Answer ask(
      TestGateway gateway,
      HttpClient client,
      HttpMethod method,
      Function<HttpClientRequest, Future<HttpClientResponse>> send)
      throws Exception {
    RequestOptions target =
        new RequestOptions().setHost("127.0.0.1").setPort(gateway.port()).setMethod(method);
    return await(
        client.request(target).compose(request -> send.apply(request).compose(Http2Test::answer)));
  }

  /** For the event loop: on another thread, the body may come before anybody waits for it. */
  private static Future<Answer> answer(HttpClientResponse response) {
    return response
        .body()
        .map(body -> new Answer(
            response.version(),
            response.statusCode(),
            response.getHeader("set-cookie"),
            body.toString()));
  }

  private record Answer(HttpVersion version, int status, String cookie, String body) {}

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** A backend that answers with its id and the size of the body. */
  private static TestBackend sized(String id) throws IOException {
    return TestBackend.http(
        id, request -> TestBackend.ok(id + " " + request.body().length()));
  }
}
