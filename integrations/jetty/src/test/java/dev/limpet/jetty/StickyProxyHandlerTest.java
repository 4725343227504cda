package dev.limpet.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.McpAffinity;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.FixedBackend;
import dev.limpet.testkit.LateTable;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests end well, and with the right report, whatever backends, clients and tables do. */
class StickyProxyHandlerTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final byte[] BODY = new byte[100_000];
  private static final String LOG_IN = RawBackend.setCookie("JSESSIONID=1A; Path=/");

  private static final String UPLOAD =
      "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 100000\r\n\r\nthe beginning";

  private final List<AutoCloseable> started = new ArrayList<>();
  private final List<FailureKind> failures = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : started) {
      each.close();
    }
  }

  @Test
  void errorOfTheProxy_setsNoCookie() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    RawConnection connection = client(start(pool)).connect();
    connection.sendPost(BODY, RawBackend.SILENT);
    Wait.until("waiting", 1, backend::waiting);

    backend.kill();

    RawMessage answer = connection.answer();
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.fields("Set-Cookie")).isEmpty();
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void noBackend_is503() throws Exception {
    Pool pool = pool();

    assertThat(client(start(pool)).get().status()).isEqualTo(503);
    assertThat(client(start(pool)).post(BODY).status()).isEqualTo(503);
  }

  @Test
  @Tag("slow")
  void response_waitsUntilItsSessionIsStored() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    LateTable[] table = new LateTable[1];
    int port = start(new StickyProxyHandler(late(pool, table)));
    RawClient impatient = new RawClient(port, Duration.ofSeconds(1));
    started.add(impatient);
    RawConnection connection = impatient.connect();
    table[0].becomeLate();
    connection.sendGet(LOG_IN);

    Runnable answer = table[0].nextAnswer();
    assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(connection::head);
    answer.run();

    assertThat(Echo.of(connection.answer()).backend()).isEqualTo("b1");
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void request_waitsForTheSharedTable_alsoIfItsClientLeaves() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    LateTable[] table = new LateTable[1];
    RawClient client = client(start(new StickyProxyHandler(late(pool, table))));
    client.withCookie("JSESSIONID", "1A");
    table[0].becomeLate();

    RawConnection waiting = client.connect();
    waiting.sendGet();
    table[0].nextAnswer().run();
    assertThat(waiting.answer().status()).isEqualTo(200);

    RawConnection leaving = client.connect();
    leaving.sendPost(BODY);
    Runnable late = table[0].nextAnswer();
    leaving.reset();
    late.run();
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void accessThatThrows_is500_andLeavesNoRoute() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    BrokenAccess access = new BrokenAccess();
    RawClient client = client(start(new StickyProxyHandler(
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, access).build()))));

    access.breakRequests(true);
    assertThat(client.get().status()).isEqualTo(500);
    access.breakRequests(false);
    access.breakResponses(true);
    assertThat(client.get().status()).isEqualTo(500);
    assertThat(client.post(BODY).status()).isEqualTo(500);
    Wait.untilOpenRoutes(pool, 0);
    Wait.until("open connections", 0, backend::openConnections);
  }

  @Test
  void backendThatBreaksTheConnection_hasFailed() throws Exception {
    RawBackend backend = rawBackend("b1");
    RawBackend other = rawBackend("b2");
    Pool pool = healthy(List.of(backend.backend(), other.backend()));
    RawConnection connection = client(start(pool)).connect();
    connection.sendPost(BODY, RawBackend.SILENT);
    Wait.until("waiting", 1, () -> backend.waiting() + other.waiting());

    backend.kill();
    other.kill();

    assertThat(connection.answer().status()).isEqualTo(502);
    Wait.until("failures", 1, failures::size);
    assertThat(failures).containsExactly(FailureKind.RESET_BEFORE_RESPONSE);
  }

  @Test
  void backendThatIsLate_hasFailed() throws Exception {
    RawBackend backend = rawBackend("b1");
    RawBackend other = rawBackend("b2");
    Pool pool = healthy(List.of(backend.backend(), other.backend()));
    StickyProxyHandler impatient = new StickyProxyHandler(TestProxy.router(pool)) {
      @Override
      protected void sendProxyToServerRequest(
          Request request,
          org.eclipse.jetty.client.Request sent,
          Response response,
          Callback callback) {
        sent.timeout(100, TimeUnit.MILLISECONDS);
        super.sendProxyToServerRequest(request, sent, response, callback);
      }
    };

    assertThat(client(start(impatient)).get(RawBackend.SILENT).status()).isEqualTo(504);
    Wait.until("failures", 1, failures::size);
    assertThat(failures).containsExactly(FailureKind.TIMEOUT);
  }

  @Test
  void cookiesOfOneUser_doNotReachAnother() throws Exception {
    Pool pool = pool(rawBackend("b1"));
    int port = start(pool);
    client(port).get(LOG_IN);

    Echo other = Echo.of(client(port).get());

    assertThat(other.request().fields("Cookie")).isEmpty();
  }

  @Test
  void clientThatKeepsCookies_isRefused() throws Exception {
    HttpClient keeping = new HttpClient();
    keeping.setHttpCookieStore(new HttpCookieStore.Default());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StickyProxyHandler(TestProxy.router(pool())).setHttpClient(keeping))
        .withMessageStartingWith("httpCookieStore: ")
        .withMessageContaining("HttpCookieStore.Empty");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> start(new StickyProxyHandler(TestProxy.router(pool())) {
          @Override
          protected void configureHttpClient(HttpClient client) {
            super.configureHttpClient(client);
            client.setHttpCookieStore(new HttpCookieStore.Default());
          }
        }));
  }

  @Test
  void connectTimeout_isInRange_andIsThatOfTheClient() throws Exception {
    StickyProxyHandler handler = new StickyProxyHandler(TestProxy.router(pool()));
    assertThat(handler.getConnectTimeout()).isEqualTo(Duration.ofSeconds(2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> handler.setConnectTimeout(Duration.ZERO))
        .withMessage("connectTimeout: PT0S (expected: PT0.001S..PT24H)");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> handler.setConnectTimeout(Duration.ofSeconds(Long.MAX_VALUE)));

    handler.setConnectTimeout(Duration.ofMillis(700));
    start(handler);

    assertThat(handler.getHttpClient().getConnectTimeout()).isEqualTo(700);
  }

  @Test
  void backendsThatHaveLeft_areForgotten() throws Exception {
    StickyProxyHandler handler = new StickyProxyHandler(TestProxy.router(pool()));
    start(handler);

    assertThat(handler.getHttpClient().getDestinationIdleTimeout()).isEqualTo(60_000);
  }

  @Test
  void fieldThatTheClientCannotSend_saysNothingOfTheBackend() throws Exception {
    Pool pool = healthy(List.of(rawBackend("b1").backend(), rawBackend("b2").backend()));

    RawMessage answer = client(start(pool)).get("X: " + "a".repeat(8090));

    assertThat(answer.status()).isEqualTo(502);
    assertThat(failures).isEmpty();
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void answerThatIsNoHttp_isAFailure() throws Exception {
    Pool pool = healthy(List.of(fixedBackend("garbage\r\n\r\n"), fixedBackend("b2", "!\r\n\r\n")));

    assertThat(client(start(pool)).get().status()).isEqualTo(502);
    assertThat(failures).containsExactly(FailureKind.RESET_BEFORE_RESPONSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {104, 199})
  void unknownInterimResponse_isDropped(int status) throws Exception {
    Pool pool = healthy(List.of(fixedBackend("HTTP/1.1 " + status
        + " Interim\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")));

    RawMessage answer = client(start(pool)).get();

    assertThat(answer.text()).isEqualTo("ok");
    assertThat(answer.fields("X")).isEmpty();
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void subclass_mayChangeThePath() throws Exception {
    Pool pool = pool(rawBackend("b1"));
    int port = start(new StickyProxyHandler(TestProxy.router(pool)) {
      @Override
      protected HttpURI rewriteHttpURI(Request request) {
        return HttpURI.build(super.rewriteHttpURI(request))
            .path("/app/" + exchange(request).backend().id());
      }
    });

    assertThat(Echo.of(client(port).get()).request().startLine()).isEqualTo("GET /app/b1 HTTP/1.1");
  }

  @Test
  void pathThatIsNoUri_isAnError_andLeavesNoRoute() throws Exception {
    Pool pool = pool(rawBackend("b1"));
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), start(pool))) {
      socket
          .getOutputStream()
          .write("GET /a|b HTTP/1.1\r\nHost: site\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
          .startsWith("HTTP/1.1 ");
    }
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void sessionThatIsOver_is404() throws Exception {
    TestProxy home = TestProxy.start(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        response.getHeaders().put("Mcp-Session-Id", "s1");
        response.getHeaders().put("Seen", request.getHeaders().get("Mcp-Session-Id"));
        callback.succeeded();
        return true;
      }
    });
    started.add(home);
    Pool pool = Pool.of("web", Backend.of("b1", "127.0.0.1", home.port()));
    RawClient client = client(start(
        new StickyProxyHandler(HttpRouter.of(pool, McpAffinity.of(pool, JettyAccess.INSTANCE)))));
    String session = "Mcp-Session-Id: " + client.get().field("Mcp-Session-Id");

    assertThat(client.get(session).field("Seen")).isEqualTo("s1");
    pool.follow(List.of(rawBackend("b2").backend()));
    assertThat(client.get(session).status()).isEqualTo(404);
  }

  @Test
  void requestThatItsClientResets_closesItsRoute_atOnce() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    CompletableFuture<Consumer<Throwable>> listener = new CompletableFuture<>();
    int port = start(new Handler.Wrapper(new StickyProxyHandler(TestProxy.router(pool))) {
      @Override
      public boolean handle(Request request, Response response, Callback callback)
          throws Exception {
        return super.handle(new Listened(request, listener), response, callback);
      }
    });
    client(port).connect().sendGet(RawBackend.SILENT);
    Wait.until("waiting", 1, backend::waiting);

    listener.join().accept(new TimeoutException("idle, because it waits"));
    assertThat(Wait.openRoutes(pool)).isOne();
    listener.join().accept(new EofException("reset, as HTTP/2 tells"));

    Wait.untilOpenRoutes(pool, 0);
    assertThat(backend.waiting()).isOne();
  }

  /** A request whose failure the test tells. */
  private static final class Listened extends Request.Wrapper {
    private final CompletableFuture<Consumer<Throwable>> listener;

    Listened(Request request, CompletableFuture<Consumer<Throwable>> listener) {
      super(request);
      this.listener = listener;
    }

    @Override
    public void addFailureListener(Consumer<Throwable> added) {
      listener.complete(added);
    }
  }

  @Test
  void clientThatLeaves_saysNothingOfTheBackend() throws Exception {
    RawBackend backend = rawBackend("b1");
    RawBackend other = rawBackend("b2");
    Pool pool = healthy(List.of(backend.backend(), other.backend()));
    int port = start(pool);

    RawConnection downloading = client(port).connect();
    downloading.sendGet(RawBackend.ENDLESS);
    downloading.head();
    downloading.reset();
    Wait.untilOpenRoutes(pool, 0);
    Wait.until("connections", 0, backend::openConnections);
    Wait.until("connections", 0, other::openConnections);
    for (int i = 0; i < 4; i++) {
      try (Socket uploading = new Socket(InetAddress.getLoopbackAddress(), port)) {
        uploading.getOutputStream().write(UPLOAD.getBytes(StandardCharsets.ISO_8859_1));
        Wait.untilOpenRoutes(pool, 1);
        uploading.setSoLinger(i % 2 == 0, 0); // RST or FIN
      }
      Wait.untilOpenRoutes(pool, 0);
    }
    assertThat(failures).isEmpty();
  }

  @Test
  void hostThatHasNoAddress_isLeftForAnother() throws Exception {
    RawBackend backend = rawBackend("b2");
    Pool pool = Pool.builder("web")
        .backends(List.of(Backend.of("b1", "nowhere.invalid", 80), backend.backend()))
        .countConnections()
        .build();
    int port = start(pool);

    for (int i = 0; i < 4; i++) {
      assertThat(Echo.of(client(port).get()).backend()).isEqualTo("b2");
    }
    Wait.untilOpenRoutes(pool, 0);
  }

  private HttpRouter<Request, Response> late(Pool pool, LateTable[] made) {
    return HttpRouter.of(
        pool,
        AppCookieAffinity.builder(JettyAccess.INSTANCE)
            .session(StickySession.appCookie("JSESSIONID"))
            .table((session, environment) ->
                made[0] = new LateTable(CompactStickyTable.of(session, 1000)))
            .build());
  }

  private Pool pool(RawBackend... backends) {
    return Pool.builder("web")
        .backends(Arrays.stream(backends).map(RawBackend::backend).toList())
        .countConnections()
        .build();
  }

  /** Returns a pool that records what its backends did wrong. */
  private Pool healthy(List<Backend> backends) {
    return Pool.builder("web")
        .backends(backends)
        .countConnections()
        .passiveHealth(PassiveHealth.builder()
            .failures(1)
            .listener((backend, ejection) -> failures.add(ejection.cause()))
            .build())
        .build();
  }

  private RawBackend rawBackend(String id) throws Exception {
    RawBackend backend = RawBackend.start(id);
    started.add(backend);
    return backend;
  }

  private Backend fixedBackend(String answer) {
    return fixedBackend("b1", answer);
  }

  private Backend fixedBackend(String id, String answer) {
    FixedBackend backend = new FixedBackend(answer);
    started.add(backend);
    return backend.backend(id);
  }

  private int start(Pool pool) throws Exception {
    return start(new StickyProxyHandler(TestProxy.router(pool)));
  }

  private int start(Handler handler) throws Exception {
    TestProxy proxy = TestProxy.start(handler);
    started.add(proxy);
    return proxy.port();
  }

  private RawClient client(int port) {
    RawClient client = new RawClient(port, PATIENCE);
    started.add(client);
    return client;
  }
}
