package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.RawBackend;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class StickyOriginTest {
  private static final String UPGRADE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
      + "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

  private static final String SWITCHED = "HTTP/1.1 101 Switching Protocols\r\n"
      + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final List<Throwable> unexpected = new CopyOnWriteArrayList<>();
  private final List<HttpClient> clients = new ArrayList<>(); // Vert.x closes what nobody holds

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
  }

  private static Pool pool(Backend... backends) {
    return Pool.builder("web").backends(List.of(backends)).countConnections().build();
  }

  private HttpProxy proxy(Pool pool) {
    return proxy(pool, vertx.createHttpClient());
  }

  private static HttpProxy proxy(Pool pool, HttpClient client) {
    HttpRouter<HttpServerRequest, ProxyResponse> router = HttpRouter.of(pool, affinity(pool));
    return StickyOrigin.install(HttpProxy.reverseProxy(client), router);
  }

  private HttpClient http2() {
    HttpClient client = vertx.createHttpClient(new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setHttp2ClearTextUpgrade(false));
    clients.add(client);
    return client;
  }

  private static HttpAffinity<HttpServerRequest, ProxyResponse> affinity(Pool pool) {
    return LbCookieAffinity.builder(pool, StickyOrigin.access()).build();
  }

  private int serve(Handler<HttpServerRequest> handler) throws Exception {
    return TestServers.http(vertx, new HttpServerOptions(), handler);
  }

  private Backend ok() throws Exception {
    return TestServers.backend(vertx, "b1", request -> request.response().end("fine"));
  }

  /** A backend of its own protocol. */
  private Backend raw(Handler<NetSocket> handler) throws Exception {
    int port = TestServers.await(vertx
        .createNetServer()
        .connectHandler(handler)
        .listen(0, "127.0.0.1")
        .map(NetServer::actualPort));
    return Backend.of("b1", "127.0.0.1", port);
  }

  @Test
  void requestWithoutABackend_isAnswered503() throws Exception {
    Pool pool = pool(TestServers.refusing("b1"), TestServers.refusing("b2"));
    int port = serve(proxy(pool));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 503 ");
    try (Socket client = TestServers.send(port, UPGRADE)) {
      assertThat(client.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 503 ");
    }
    assertThat(TestServers.openRoutes(pool)).isZero();
  }

  @Test
  void preflight_keepsNoSession() throws Exception {
    int port = serve(proxy(pool(ok())));

    assertThat(TestServers.ask(
            port, "OPTIONS / HTTP/1.1\r\nAccess-Control-Request-Method: PUT\r\nOrigin: b"))
        .startsWith("HTTP/1.1 200 ")
        .doesNotContainIgnoringCase("set-cookie");
  }

  /** Ways in which another interceptor fails. */
  enum Fault implements ProxyInterceptor {
    REQUEST_FAILS {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return Future.failedFuture("broken");
      }
    },
    REQUEST_THROWS {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        throw new IllegalStateException("broken");
      }
    },
    LATER_THAN_THE_RESPONSE {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return context.sendRequest().compose(response -> {
          response.release();
          return Future.failedFuture("broken");
        });
      }
    },
    RESPONSE_FAILS {
      @Override
      public Future<Void> handleProxyResponse(ProxyContext context) {
        return Future.failedFuture("broken");
      }
    },
    RESPONSE_THROWS {
      @Override
      public Future<Void> handleProxyResponse(ProxyContext context) {
        throw new IllegalStateException("broken");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void interceptorThatFails_leavesNoRouteOpen(Fault fault) throws Exception {
    vertx.exceptionHandler(unexpected::add);
    Pool pool = pool(ok());
    int port = serve(proxy(pool).addInterceptor(fault));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void interceptorThatAnswers_leavesNoRouteOpen() throws Exception {
    Pool pool = pool(ok());
    int port = serve(proxy(pool).addInterceptor(new ProxyInterceptor() {
      @Override
      public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
        return Future.succeededFuture(context.request().release().response().setStatusCode(418));
      }
    }));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1"))
        .startsWith("HTTP/1.1 418 ")
        .doesNotContainIgnoringCase("set-cookie");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip, chunked", "CHUNKED", "identity"})
  void responseOfAnotherEncoding_isAnswered502(String encoding) throws Exception {
    Pool pool = pool(raw(socket -> socket.handler(request ->
        socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + encoding + "\r\n\r\n0\r\n\r\n"))));
    int port = serve(proxy(pool));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void handlersOfTheEmbedder_areStillCalled() throws Exception {
    CompletableFuture<String> ended = new CompletableFuture<>();
    CompletableFuture<String> closed = new CompletableFuture<>();
    HttpProxy proxy = proxy(pool(ok()));
    int port = serve(request -> {
      request.response().endHandler(end -> ended.complete("ended"));
      request.response().closeHandler(close -> closed.complete("closed"));
      request.connection().closeHandler(close -> closed.complete("closed"));
      proxy.handle(request);
    });

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    assertThat(ended.get(10, TimeUnit.SECONDS)).isEqualTo("ended");
    assertThat(closed.get(10, TimeUnit.SECONDS)).isEqualTo("closed");
  }

  @Test
  void clientThatLeavesAfterTheResponseAndBeforeItsBodyEnds_closesTheRoute() throws Exception {
    Pool pool = pool(raw(socket -> socket.handler(
        request -> socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine"))));
    int port = serve(proxy(pool));
    try (Socket client =
        TestServers.send(port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nbegin")) {
      byte[] answer = client.getInputStream().readNBytes(15);
      assertThat(answer).asString().isEqualTo("HTTP/1.1 200 OK");
      assertThat(TestServers.openRoutes(pool)).isOne();
    }
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void backendThatBreaksNewConnections_isEjected() throws Exception {
    Pool pool = watched(raw(NetSocket::close));
    int port = serve(proxy(pool));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    assertThat(pool.snapshot().member("b1").ejection()).isNotNull();
  }

  @Test
  void backendThatClosesAnIdleConnection_isNotEjected() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    Pool pool = watched(raw(socket -> socket.handler(request -> {
      if (requests.incrementAndGet() % 2 == 1) {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
      } else {
        socket.close(); // as if it had closed the connection just before
      }
    })));
    int port = serve(proxy(pool));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    assertThat(pool.snapshot().member("b1").ejection()).isNull();
  }

  @Test
  void clientThatLeaves_isNoFailureOfTheBackend() throws Exception {
    try (RawBackend silent = RawBackend.start("b1")) {
      Pool pool = watched(silent.backend());
      int port = serve(proxy(pool));
      Socket client =
          TestServers.send(port, "GET / HTTP/1.1\r\nHost: a\r\n" + RawBackend.SILENT + "\r\n\r\n");
      TestServers.until(() -> silent.waiting() == 1);
      client.close();
      TestServers.until(() -> TestServers.openRoutes(pool) == 0);
      assertThat(pool.snapshot().member("b1").ejection()).isNull();
    }
  }

  @Test
  void clientOfHttp2ThatResetsItsUpload_isNoFailureOfTheBackend() throws Exception {
    CompletableFuture<Boolean> received = new CompletableFuture<>();
    Pool pool = watched(raw(socket -> socket.handler(part -> received.complete(true))));
    int port = serve(proxy(pool));
    HttpClientRequest upload = TestServers.await(http2()
        .request(
            new RequestOptions().setHost("127.0.0.1").setPort(port).setMethod(HttpMethod.POST)));
    upload.putHeader("content-length", "1000");
    TestServers.await(upload.write("begin"));
    received.get(10, TimeUnit.SECONDS);

    TestServers.await(upload.reset(8));

    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
    assertThat(pool.snapshot().member("b1").ejection()).isNull();
  }

  @Test
  void backendOfHttp2ThatResetsAStream_isEjected_alsoAfterOtherRequests() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    Pool pool = watched(TestServers.backend(vertx, "b1", request -> {
      if (requests.incrementAndGet() == 1) {
        request.response().end("fine");
      } else {
        request.response().reset(2);
      }
    }));
    int port = serve(proxy(pool, http2()));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    assertThat(pool.snapshot().member("b1").ejection()).isNotNull();
  }

  @Test
  void backendWithAnIpv6Address_isNamedInBrackets() throws Exception {
    CompletableFuture<String> received = new CompletableFuture<>();
    int v6 = TestServers.await(vertx
        .createNetServer()
        .connectHandler(socket -> socket.handler(request -> {
          received.complete(request.toString());
          socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
        }))
        .listen(0, "::1")
        .map(NetServer::actualPort));
    int port = serve(proxy(pool(Backend.of("b1", "::1", v6))));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    assertThat(received.get(10, TimeUnit.SECONDS))
        .containsIgnoringCase("\r\nhost: [::1]:" + v6 + "\r\n");
  }

  @Test
  void tunnelWhoseBackendHasGone_closesTheRoute_alsoIfItsClientDoesNotRead() throws Exception {
    CompletableFuture<NetSocket> tunnel = new CompletableFuture<>();
    Pool pool = pool(raw(socket -> socket.handler(request -> {
      socket.write(SWITCHED);
      tunnel.complete(socket);
    })));
    int port = serve(proxy(pool));
    try (Socket client = TestServers.send(port, UPGRADE)) {
      assertThat(client.getInputStream().readNBytes(13)).asString().isEqualTo("HTTP/1.1 101 ");
      NetSocket backend = tunnel.get(10, TimeUnit.SECONDS);
      backend.write(Buffer.buffer(new byte[20_000_000]));
      backend.end();

      TestServers.until(() -> TestServers.openRoutes(pool) == 0);
    }
  }

  @Test
  void interceptorThatFailsAfterTheResponse_leavesNoWebSocketOpen() throws Exception {
    CompletableFuture<Boolean> closed = new CompletableFuture<>();
    Pool pool = pool(raw(socket -> {
      socket.closeHandler(end -> closed.complete(true));
      socket.handler(request -> socket.write(SWITCHED));
    }));
    int port = serve(proxy(pool)
        .addInterceptor(
            new ProxyInterceptor() {
              @Override
              public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
                return context.sendRequest().compose(response -> Future.failedFuture("broken"));
              }
            },
            true));
    try (Socket client = TestServers.send(port, UPGRADE)) {
      TestServers.until(() -> TestServers.openRoutes(pool) == 0);
      assertThat(closed.get(10, TimeUnit.SECONDS)).isTrue();
      assertThat(client.isConnected()).isTrue();
    }
  }

  @Test
  void affinityThatThrowsAfterTheResponse_isReported() throws Exception {
    vertx.exceptionHandler(unexpected::add);
    Pool pool = pool(ok());
    HttpProxy proxy = StickyOrigin.install(
        HttpProxy.reverseProxy(vertx.createHttpClient()),
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new ReadOnlyAccess()).build()));

    assertThat(TestServers.ask(serve(proxy), "GET / HTTP/1.1")).startsWith("HTTP/1.1 502 ");
    assertThat(unexpected).singleElement().asString().contains("read-only");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void connectMethod_isAnswered501() throws Exception {
    AtomicInteger requests = new AtomicInteger();
    Pool pool = pool(TestServers.backend(vertx, "b1", request -> {
      requests.incrementAndGet();
      request.response().end();
    }));

    assertThat(TestServers.ask(serve(proxy(pool)), "CONNECT a:1 HTTP/1.1"))
        .startsWith("HTTP/1.1 501 ");
    assertThat(requests).hasValue(0);
  }

  /** A pool whose first backend is ejected after one failure. */
  private static Pool watched(Backend backend) {
    return Pool.builder("web")
        .backends(List.of(backend, Backend.of("b2", "127.0.0.1", 1).withTier(2)))
        .countConnections()
        .passiveHealth(PassiveHealth.builder().failures(1).build())
        .build();
  }

  /** Cannot change responses. */
  private static final class ReadOnlyAccess
      implements HttpAccess<HttpServerRequest, ProxyResponse> {
    @Override
    public List<String> requestFields(HttpServerRequest request, String name) {
      return request.headers().getAll(name);
    }

    @Override
    public int status(ProxyResponse response) {
      return response.getStatusCode();
    }

    @Override
    public List<String> fields(ProxyResponse response, String name) {
      return response.headers().getAll(name);
    }

    @Override
    public void setFields(ProxyResponse response, String name, List<String> values) {
      throw new IllegalStateException("read-only");
    }
  }
}
