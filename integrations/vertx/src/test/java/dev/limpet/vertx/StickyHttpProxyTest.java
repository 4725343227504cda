package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.FaultException;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.local.LocalIoHandler;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.transport.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class StickyHttpProxyTest {
  private final Vertx vertx = Vertx.vertx();
  private final BlockingQueue<HttpServerRequest> received = new LinkedBlockingQueue<>();
  private final List<Throwable> unexpected = new CopyOnWriteArrayList<>();
  private final List<HttpClient> clients = new ArrayList<>(); // Vert.x closes what nobody holds

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
  }

  /** Answers with the framing, the forwarded fields and the body of a request. */
  private Backend echo() throws Exception {
    return TestServers.backend(vertx, "b1", request -> {
      received.add(request);
      request
          .body()
          .onSuccess(body -> request
              .response()
              .end(request.getHeader("transfer-encoding")
                  + " for " + request.getHeader("x-forwarded-for")
                  + " proto " + request.getHeader("x-forwarded-proto")
                  + " body " + body));
    });
  }

  private static Pool pool(Backend... backends) {
    return Pool.builder("web").backends(List.of(backends)).countConnections().build();
  }

  private static HttpRouter<HttpServerRequest, HttpServerResponse> byCookie(Pool pool) {
    return HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
  }

  private int serve(StickyHttpProxy proxy) throws Exception {
    return TestServers.http(vertx, StickyHttpProxy.serverOptions(), proxy);
  }

  @ParameterizedTest
  @CsvSource({"GET, '', null", "POST, '', null", "POST, some text, chunked", "GET, odd, chunked"})
  void requestOfHttp2WithoutALength_hasABodyIfOneComes(String method, String body, String framing)
      throws Exception {
    int port = serve(StickyHttpProxy.builder(vertx, byCookie(pool(echo()))).build());

    HttpClientRequest request = http2(port, HttpMethod.valueOf(method));
    Future<String> answer = body(request);
    if (body.isEmpty()) {
      request.end();
    } else {
      request.setChunked(true).end(body);
    }

    assertThat(TestServers.await(answer)).startsWith(framing + " for ").endsWith(" body " + body);
  }

  @Test
  void requestOfHttp2WhoseBodyComesLater_isSentAtOnce() throws Exception {
    Pool pool = pool(echo());
    int port = serve(StickyHttpProxy.builder(vertx, byCookie(pool)).build());
    HttpClientRequest request = http2(port, HttpMethod.POST);
    Future<String> answer = body(request);
    TestServers.await(request.setChunked(true).sendHead());

    assertThat(received.poll(10, TimeUnit.SECONDS)).isNotNull();
    request.write("late");
    request.end(" body");

    assertThat(TestServers.await(answer)).endsWith(" body late body");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  private HttpClientRequest http2(int port, HttpMethod method) throws Exception {
    HttpClient client = vertx.createHttpClient(new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false));
    clients.add(client);
    return TestServers.await(client.request(method, port, "127.0.0.1", "/"));
  }

  /**
   * The body of the answer to a request that was not sent yet. Later it may come before anybody
   * waits for it, and is lost.
   */
  private static Future<String> body(HttpClientRequest unsent) {
    return unsent.response().compose(HttpClientResponse::body).map(Buffer::toString);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.0/8, '9.9.9.9, 127.0.0.1', https, 9.9.9.9, true",
    "10.0.0.0/8, 127.0.0.1, http, 127.0.0.1, false",
  })
  void proxiesBefore_areBelievedIfTheyAreTrusted(
      String trusted, String hops, String scheme, String client, boolean secure) throws Exception {
    CompletableFuture<InetAddress> address = new CompletableFuture<>();
    Pool pool = pool(echo());
    HttpRouter<HttpServerRequest, HttpServerResponse> router = HttpRouter.builder(
            pool, LbCookieAffinity.builder(pool, new VertxAccess()).build())
        .listener((request, route) -> address.complete(ClientAddress.of(request)))
        .build();
    int port = serve(
        StickyHttpProxy.builder(vertx, router).trustedProxies(List.of(trusted)).build());

    String answer = TestServers.ask(
        port, "GET / HTTP/1.1\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https");

    assertThat(answer).contains(" for " + hops + " proto " + scheme + " ");
    assertThat(address.join().getHostAddress()).isEqualTo(client);
    assertThat(answer.contains("; Secure")).isEqualTo(secure);
  }

  @Test
  void neverSecure_setsNoSecureCookieForTrustedProxiesEither() throws Exception {
    Pool pool = pool(echo());
    HttpRouter<HttpServerRequest, HttpServerResponse> router = HttpRouter.of(
        pool, LbCookieAffinity.builder(pool, VertxAccess.neverSecure()).build());
    int port = serve(StickyHttpProxy.builder(vertx, router)
        .trustedProxies(List.of("127.0.0.1"))
        .build());

    assertThat(TestServers.ask(port, "GET / HTTP/1.1\r\nX-Forwarded-Proto: https"))
        .contains("Set-Cookie: limpet-web=")
        .doesNotContain("; Secure");
  }

  @Test
  void httpsBackend_isNeverAskedInPlainText() throws Exception {
    Pool pool = pool(echo().withScheme("https"));
    int port = serve(StickyHttpProxy.builder(vertx, byCookie(pool)).build());

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 503 ");
    assertThat(received).isEmpty();
    assertThat(TestServers.openRoutes(pool)).isZero();
  }

  @ParameterizedTest
  @CsvSource({"127.0.0.1, 200", "other.test, 503"})
  void httpsBackend_isReachedIfItsCertificateHasTheName(String name, int status) throws Exception {
    int backend = TestServers.http(
        vertx, TestTls.serverOptions(), request -> request.response().end("fine"));
    int port = serve(StickyHttpProxy.builder(
            vertx,
            byCookie(pool(Backend.of("b1", "127.0.0.1", backend)
                .withScheme("https")
                .withAttachment(new BackendTls(List.of(TestTls.certificate()), name)))))
        .build());

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 " + status + " ");
  }

  @Test
  void unreachableBackend_isPassedOver() throws Exception {
    Pool pool = pool(TestServers.refusing("b0"), echo());
    int port = serve(StickyHttpProxy.builder(vertx, byCookie(pool)).build());

    for (int i = 0; i < 4; i++) {
      assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void requestWithoutABackend_isAnsweredInTheClientsLanguage() throws Exception {
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        byCookie(pool(TestServers.refusing("b0")));
    int plain = serve(StickyHttpProxy.builder(vertx, router).build());
    int mcp = serve(StickyHttpProxy.builder(vertx, router).jsonRpcErrors().build());

    assertThat(TestServers.ask(plain, "GET / HTTP/1.1"))
        .startsWith("HTTP/1.1 503 ")
        .endsWith("no backend can serve this request: cannot connect\n");
    assertThat(TestServers.ask(mcp, "GET / HTTP/1.1"))
        .startsWith("HTTP/1.1 503 ")
        .contains(
            "content-type: application/json", "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/1.1", "OPTIONS / HTTP/1.1\r\nAccess-Control-Request-Method: PUT"})
  void accessThatThrows_isAnswered500(String head) throws Exception {
    vertx.exceptionHandler(unexpected::add);
    Pool pool = pool(echo());
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new BrokenAccess()).build());
    int port = serve(StickyHttpProxy.builder(vertx, router).build());

    assertThat(TestServers.ask(port, head)).startsWith("HTTP/1.1 500 ");
    TestServers.until(() -> !unexpected.isEmpty());
    assertThat(TestServers.openRoutes(pool)).isZero();
  }

  @Test
  void accessThatThrowsAfterTheResponse_isReported() throws Exception {
    vertx.exceptionHandler(unexpected::add);
    Pool pool = pool(echo());
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new ReadOnlyAccess()).build());
    int port = serve(StickyHttpProxy.builder(vertx, router).build());

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    TestServers.until(() -> !unexpected.isEmpty());
    assertThat(unexpected.get(0)).hasMessage("read-only");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void workerVerticle_isRefused() throws Exception {
    vertx.exceptionHandler(unexpected::add);
    StickyHttpProxy proxy =
        StickyHttpProxy.builder(vertx, byCookie(pool(echo()))).build();
    CompletableFuture<Integer> port = new CompletableFuture<>();
    TestServers.await(vertx.deployVerticle(
        new VerticleBase() {
          @Override
          public Future<?> start() {
            return vertx
                .createHttpServer()
                .requestHandler(proxy)
                .listen(0, "127.0.0.1")
                .map(HttpServer::actualPort)
                .onSuccess(port::complete);
          }
        },
        new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));

    assertThat(TestServers.ask(port.join(), "GET / HTTP/1.1")).startsWith("HTTP/1.1 500 ");
    TestServers.until(() -> !unexpected.isEmpty());
    assertThat(unexpected.get(0))
        .hasMessage("context: WORKER (expected: EVENT_LOOP, as of a standard verticle)");
  }

  @Test
  void otherTransport_isRefused() throws Exception {
    Vertx local = Vertx.builder().withTransport(new LocalTransport()).build();
    try {
      HttpRouter<HttpServerRequest, HttpServerResponse> router = byCookie(pool());
      assertThatThrownBy(() -> StickyHttpProxy.builder(local, router))
          .hasMessage("vertx: with another transport (expected: NIO)");
      assertThatThrownBy(() ->
              HealthChecks.builder(BackendConnector.of(local), pool()).http("/").start())
          .hasMessage("vertx: with another transport (expected: NIO)");
    } finally {
      TestServers.await(local.close());
    }
  }

  @Test
  void settingsOutOfRange_areRefused() {
    StickyHttpProxy.Builder proxy = StickyHttpProxy.builder(vertx, byCookie(pool()));

    assertThatThrownBy(() -> proxy.connectTimeout(Duration.ZERO))
        .isInstanceOf(FaultException.class)
        .hasMessage("connectTimeout: PT0S (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> proxy.responseTimeout(Duration.ofDays(25)))
        .hasMessage("responseTimeout: PT600H (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> proxy.trustedProxies(List.of("10.0.0.1/8", "proxy.test")))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("10.0.0.1/8")
        .hasMessageContaining("proxy.test");
  }

  @Test
  void bodyOfARequestThatIsRouted_isPassedOnWhole() throws Exception {
    Pool pool = pool(TestServers.refusing("b0"), echo());
    int port = serve(StickyHttpProxy.builder(vertx, byCookie(pool)).build());
    String body = "0123456789".repeat(50_000);
    for (int i = 0; i < 2; i++) {
      HttpClientRequest request = http2(port, HttpMethod.POST);
      Future<String> answer = body(request);
      request.setChunked(true).end(Buffer.buffer(body));
      assertThat(TestServers.await(answer)).endsWith(" body " + body);
    }
  }

  /** Cannot read requests. */
  private static final class BrokenAccess
      implements HttpAccess<HttpServerRequest, HttpServerResponse> {
    @Override
    public List<String> requestFields(HttpServerRequest request, String name) {
      throw new IllegalStateException("broken");
    }

    @Override
    public int status(HttpServerResponse response) {
      return response.getStatusCode();
    }

    @Override
    public List<String> fields(HttpServerResponse response, String name) {
      return List.of();
    }

    @Override
    public void setFields(HttpServerResponse response, String name, List<String> values) {}
  }

  /** Cannot change responses. */
  private static final class ReadOnlyAccess
      implements HttpAccess<HttpServerRequest, HttpServerResponse> {
    @Override
    public List<String> requestFields(HttpServerRequest request, String name) {
      return request.headers().getAll(name);
    }

    @Override
    public int status(HttpServerResponse response) {
      return response.getStatusCode();
    }

    @Override
    public List<String> fields(HttpServerResponse response, String name) {
      return response.headers().getAll(name);
    }

    @Override
    public void setFields(HttpServerResponse response, String name, List<String> values) {
      throw new IllegalStateException("read-only");
    }
  }

  /** The event loops of sockets within a process. */
  private static final class LocalTransport implements Transport {
    @Override
    public String name() {
      return "local";
    }

    @Override
    public boolean available() {
      return true;
    }

    @Override
    public Throwable unavailabilityCause() {
      return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
      return new LocalLoops();
    }
  }

  private static final class LocalLoops extends DelegatingTransport {
    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return LocalIoHandler.newFactory();
    }
  }
}
