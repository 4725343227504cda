package dev.limpet.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyHandler;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests end well, and with the right report, whatever backends, clients and tables do. */
class StickyProxyTest {
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
    assertThat(answer.status()).isEqualTo(503);
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
  void sessionThatIsOver_is404() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    KeptBackend home = keptBackend(exchange -> {
      seen.add(String.valueOf(exchange.getRequestHeaders().getFirst("Mcp-Session-Id")));
      exchange.getResponseHeaders().put(new HttpString("Mcp-Session-Id"), "s1");
    });
    Pool pool = Pool.of("web", home.backend("b1"));
    RawClient client = client(start(
        StickyProxy.handler(HttpRouter.of(pool, McpAffinity.of(pool, UndertowAccess.INSTANCE)))));
    String session = "Mcp-Session-Id: " + client.get().field("Mcp-Session-Id");

    assertThat(client.get(session).status()).isEqualTo(200);
    assertThat(seen).containsExactly("null", "s1");
    pool.follow(List.of(rawBackend("b2").backend()));
    assertThat(client.get(session).status()).isEqualTo(404);
  }

  @Test
  void connection_servesSeveralRequests_andIsClosedWhenItsBackendLeaves() throws Exception {
    KeptBackend first = keptBackend(exchange -> {});
    RawBackend second = rawBackend("b2");
    Pool pool = Pool.of("web", first.backend("b1"));
    RawClient client = client(startWithOneThread(StickyProxy.handler(TestProxy.router(pool))));
    client.get();
    client.get();
    client.post(BODY);
    assertThat(first.connections()).isOne();

    pool.follow(List.of(second.backend()));

    assertThat(Echo.of(client.get()).backend()).isEqualTo("b2");
    Wait.until("open connections", 0, first::openConnections);
  }

  @Test
  void unusedConnection_isClosedAfterItsTime() throws Exception {
    KeptBackend backend = keptBackend(exchange -> {});
    Pool pool = Pool.of("web", backend.backend("b1"));
    client(start(StickyProxy.builder(TestProxy.router(pool))
            .idleTimeout(Duration.ofMillis(1))
            .handler()))
        .get();

    Wait.until("open connections", 0, backend::openConnections);
  }

  @Test
  void deadConnection_isReplacedAtTheSameBackend() throws Exception {
    DyingBackend home = new DyingBackend();
    started.add(home);
    RawBackend other = rawBackend("b2");
    Pool pool = healthy(List.of(home.backend("b1")));
    RawClient client = client(startWithOneThread(StickyProxy.handler(TestProxy.router(pool))));
    assertThat(client.get().status()).isEqualTo(200);
    pool.follow(List.of(home.backend("b1"), other.backend()));

    assertThat(client.get().status()).isEqualTo(200);

    assertThat(home.connections()).isEqualTo(2);
    assertThat(other.requests()).isEmpty();
    assertThat(failures).isEmpty();
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void requestBeyondTheConnectionsPerThread_goesElsewhere() throws Exception {
    RawBackend first = rawBackend("b1");
    RawBackend second = rawBackend("b2");
    Pool pool = pool(first, second);
    RawClient client = client(startWithOneThread(
        StickyProxy.builder(TestProxy.router(pool)).connectionsPerThread(1).handler()));
    String home = Echo.of(client.get()).backend();
    client.connect().sendGet(RawBackend.SILENT);
    Wait.until("waiting", 1, () -> first.waiting() + second.waiting());

    assertThat(Echo.of(client.get()).backend()).isNotEqualTo(home);
  }

  @Test
  void response_waitsUntilItsSessionIsStored() throws Exception {
    Pool pool = pool(rawBackend("b1"));
    LateTable[] table = new LateTable[1];
    HttpHandler proxy = StickyProxy.handler(late(pool, table));
    CompletableFuture<HttpServerExchange> received = new CompletableFuture<>();
    RawConnection connection = client(start(exchange -> {
          received.complete(exchange);
          proxy.handleRequest(exchange);
        }))
        .connect();
    table[0].becomeLate();
    connection.sendGet(LOG_IN);

    Runnable answer = table[0].nextAnswer();
    HttpServerExchange exchange = received.join();
    finish(exchange.getIoThread());
    assertThat(exchange.isResponseStarted()).isFalse();
    answer.run();

    assertThat(Echo.of(connection.answer()).backend()).isEqualTo("b1");
    Wait.untilOpenRoutes(pool, 0);
  }

  @Test
  void request_waitsForTheSharedTable_alsoIfItsClientLeaves() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    LateTable[] table = new LateTable[1];
    RawClient client = client(start(StickyProxy.handler(late(pool, table))));
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
    RawClient client = client(start(StickyProxy.handler(
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, access).build()))));

    access.breakRequests(true);
    assertThat(client.get().status()).isEqualTo(500);
    access.breakRequests(false);
    access.breakResponses(true);
    RawMessage error = client.get(RawBackend.setCookie("of=backend"));
    assertThat(error.status()).isEqualTo(500);
    assertThat(error.fields("Set-Cookie")).isEmpty();
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

    assertThat(connection.answer().status()).isEqualTo(503);
    Wait.until("failures", 1, failures::size);
    assertThat(failures).containsExactly(FailureKind.RESET_BEFORE_RESPONSE);
  }

  @Test
  void backendThatIsLate_hasFailed() throws Exception {
    RawBackend backend = rawBackend("b1");
    RawBackend other = rawBackend("b2");
    Pool pool = healthy(List.of(backend.backend(), other.backend()));
    HttpHandler handler = ProxyHandler.builder()
        .setProxyClient(StickyProxy.builder(TestProxy.router(pool))
            .idleTimeout(Duration.ofMillis(1))
            .client())
        .setMaxRequestTime(100)
        .build();

    assertThat(client(start(handler)).get(RawBackend.SILENT).status()).isEqualTo(504);
    Wait.until("failures", 1, failures::size);
    assertThat(failures).containsExactly(FailureKind.TIMEOUT);
    Wait.until("waiting", 1, () -> backend.waiting() + other.waiting());
    backend.release(); // it notices only now
    other.release();
    Wait.until("open connections", 0, backend::openConnections);
    Wait.until("open connections", 0, other::openConnections);
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
  void clientThatLeavesAWebSocket_closesTheBackendsConnection() throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = pool(backend);
    RawConnection webSocket = client(start(pool)).connect();
    assertThat(webSocket.upgrade().status()).isEqualTo(101);
    assertThat(webSocket.text()).isEqualTo("b1");
    assertThat(Wait.openRoutes(pool)).isOne();

    webSocket.leave();

    Wait.untilOpenRoutes(pool, 0);
    Wait.until("open connections", 0, backend::openConnections);
  }

  @Test
  @Tag("slow")
  void connectionThatComesTooLate_isKeptForOthers() throws Exception {
    RawBackend backend = rawBackend("b1");
    RawBackend other = rawBackend("b2");
    assumeTrue(backend.fallSilent(), "this system answers SYNs in spite of a full backlog");
    Pool pool = pool(backend);
    RawClient client = client(start(StickyProxy.builder(TestProxy.router(pool))
        .connectTimeout(Duration.ofMillis(50))
        .idleTimeout(Duration.ofMillis(1))
        .handler()));
    assertThat(client.get().status()).isEqualTo(503);
    pool.follow(List.of(backend.backend(), other.backend()));

    backend.revive(); // the system sends its SYN again

    Wait.until("accepted connections", 1, backend::connections);
    Wait.until("open connections", 0, backend::openConnections);
    assertThat(backend.requests()).isEmpty();
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

  @Test
  void backendThatCannotBeUsed_is500() throws Exception {
    Pool pool = pool();
    int port = start(pool);
    pool.follow(List.of(Backend.of("b1", "127.0.0.1", 80).withScheme("https")));

    assertThat(client(port).get().status()).isEqualTo(500);
    Wait.untilOpenRoutes(pool, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"426 Upgrade Required", "200 OK"})
  void answerThatOffersAnUpgrade_isNoTunnel(String status) throws Exception {
    Pool pool = healthy(List.of(fixedBackend("HTTP/1.1 " + status
        + "\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 2\r\n\r\nok")));
    RawConnection connection = client(start(pool)).connect();

    assertThat(connection.upgrade().text()).isEqualTo("ok");

    Wait.untilOpenRoutes(pool, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"identity", "gzip", "foo", "xchunked", "chunked, gzip"})
  void bodyOfUnknownLength_is501_andSaysNothingOfTheBackend(String codings) throws Exception {
    RawBackend backend = rawBackend("b1");
    Pool pool = healthy(List.of(backend.backend(), rawBackend("b2").backend()));

    int port = start(pool);

    assertThat(exchange(port, codings, "")).startsWith("HTTP/1.1 501 ");
    assertThat(exchange(port, codings, "3\r\nabc\r\n0\r\n\r\n")).startsWith("HTTP/1.1 501 ");
    assertThat(backend.connections()).isZero();
    assertThat(failures).isEmpty();
    Wait.untilOpenRoutes(pool, 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"chunked", "gzip, Chunked", "gzip,chunked "})
  void bodyThatIsChunkedAtLast_passes(String codings) throws Exception {
    assertThat(exchange(start(pool(rawBackend("b1"))), codings, "3\r\nabc\r\n0\r\n\r\n"))
        .startsWith("HTTP/1.1 200 ");
  }

  /** Sends a body, and reads the beginning of the answer. */
  private static String exchange(int port, String codings, String body) throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      socket
          .getOutputStream()
          .write(("POST / HTTP/1.1\r\nHost: site\r\nConnection: close\r\nTransfer-Encoding: "
                  + codings + "\r\n\r\n" + body)
              .getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readNBytes(13), StandardCharsets.ISO_8859_1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: 5", "Transfer-Encoding: chunked", "ETag: a"})
  void notModified_hasNoBody_whateverItsFieldsSay(String field) throws Exception {
    Pool pool =
        healthy(List.of(fixedBackend("HTTP/1.1 304 Not Modified\r\n" + field + "\r\n\r\n")));
    RawConnection connection = client(start(pool)).connect();

    for (int i = 0; i < 2; i++) {
      connection.sendGet();
      assertThat(connection.answer().status()).isEqualTo(304);
      Wait.untilOpenRoutes(pool, 0);
    }
  }

  /** Waits until a thread has finished what it does now. */
  private static void finish(Executor thread) {
    CompletableFuture<Void> finished = new CompletableFuture<>();
    thread.execute(() -> finished.complete(null));
    finished.join();
  }

  private HttpRouter<HttpServerExchange, HttpServerExchange> late(Pool pool, LateTable[] made) {
    return HttpRouter.of(
        pool,
        AppCookieAffinity.builder(UndertowAccess.INSTANCE)
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
    FixedBackend backend = new FixedBackend(answer);
    started.add(backend);
    return backend.backend("b1");
  }

  private KeptBackend keptBackend(HttpHandler handler) {
    KeptBackend backend = new KeptBackend(handler);
    started.add(backend);
    return backend;
  }

  private int start(Pool pool) {
    return start(StickyProxy.handler(TestProxy.router(pool)));
  }

  private int start(HttpHandler handler) {
    return started(TestProxy.start(handler));
  }

  private int startWithOneThread(HttpHandler handler) {
    return started(TestProxy.start(1, handler));
  }

  private int started(TestProxy proxy) {
    started.add(proxy);
    return proxy.port();
  }

  private RawClient client(int port) {
    RawClient client = new RawClient(port, PATIENCE);
    started.add(client);
    return client;
  }
}
