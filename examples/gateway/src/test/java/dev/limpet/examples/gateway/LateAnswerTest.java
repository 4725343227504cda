package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.gateway.http.HttpListener;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.examples.gateway.tcp.TcpListener;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.StickyTcpProxy;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests whose session is bound by a store that takes its time. */
@Timeout(30)
class LateAnswerTest {
  private final LinkedBlockingQueue<Question> asked = new LinkedBlockingQueue<>();
  private final AtomicLong keys = new AtomicLong();
  private Engine engine;
  private Pool pool;
  private TestBackend backend;

  @BeforeEach
  void start() throws IOException {
    Duration timeout = Duration.ofSeconds(2);
    engine = Engine.start(timeout, InetAddress::getAllByName, line -> {}, complaint -> {});
    backend = TestBackend.http("b1");
    pool = Pool.builder("web")
        .countConnections()
        .backends(List.of(Backend.of("b1", "127.0.0.1", backend.port())))
        .build();
  }

  @AfterEach
  void stop() throws Exception {
    await(engine.close());
    backend.close();
  }

  @Test
  void aRequestWaits_andGoesOnWithItsBody() throws Exception {
    int port = http(httpRouter());
    try (Socket client = new Client(port).connect()) {
      TestBackend.say(client, "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: 4\r\n\r\nbody");
      Question question = question();
      assertThat(backend.requests()).isEmpty();

      question.answer();

      assertThat(Client.response(client, "POST").body()).isEqualTo("b1");
      assertThat(backend.last().body()).isEqualTo("body");
    }
  }

  @Test
  void whileOneWaits_allOthersAreServed() throws Exception {
    int port = http(httpRouter());
    try (Socket waiting = new Client(port).connect()) {
      TestBackend.say(waiting, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
      Question question = question();
      for (int i = 0; i < 8; i++) { // whatever event loop takes it
        try (Socket other = new Client(port).connect()) {
          TestBackend.say(other, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
          question().answer();
          assertThat(Client.response(other, "GET").body()).isEqualTo("b1");
        }
      }
      question.answer();
      assertThat(Client.response(waiting, "GET").body()).isEqualTo("b1");
    }
  }

  @Test
  void aClientThatGoesMeanwhile_leavesNothingBehind() throws Exception {
    HttpRouter<HttpServerRequest, HttpServerResponse> http = httpRouter();
    StickyRouter<NetSocket> tcp = tcpRouter();
    for (int port : new int[] {http(http), tcp(tcp)}) {
      Question question;
      try (Socket client = new Client(port).connect()) {
        TestBackend.say(client, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
        question = question();
      }
      question.answer();
    }
    Wait.until(() -> http.stats().requests() + tcp.stats().requests() == 2);
    Wait.until(() -> connections() == 0);
  }

  @Test
  void aRequestThatIsClosedMeanwhile_isSentToNoBackend() throws Exception {
    CompletableFuture<HttpServerRequest> closed = new CompletableFuture<>();
    CompletableFuture<Route> routed = new CompletableFuture<>();
    KeyExtractor<HttpServerRequest> closing = (request, hasher) -> {
      request.connection().close().onSuccess(end -> closed.complete(request));
      return 1;
    };
    int port = http(httpRouter(closing, (request, route) -> routed.complete(route)));
    try (Socket client = new Client(port).connect()) {
      TestBackend.say(client, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
      HttpServerRequest request = closed.get(5, TimeUnit.SECONDS);
      Wait.until(() -> request.response().closed());

      question().answer();

      assertThat(routed.get(5, TimeUnit.SECONDS).backend()).isNotNull();
      Wait.until(() -> connections() == 0);
      assertThat(backend.connections()).isZero();
    }
  }

  @Test
  void aFailedConnect_waitsForItsNextBackendToo() throws Exception {
    try (TestBackend dead = TestBackend.refusing("b0")) {
      pool.change(edit -> edit.add(Backend.of("b0", "127.0.0.1", dead.port())).drain("b1"));
      for (int port : new int[] {http(httpRouter()), tcp(tcpRouter())}) {
        try (Socket client = new Client(port).connect()) {
          TestBackend.say(client, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
          Question first = question();
          pool.change(edit -> edit.ready("b1"));
          first.answer();
          question().answer();
          assertThat(Client.response(client, "GET").body()).isEqualTo("b1");
        }
        pool.change(edit -> edit.drain("b1"));
      }
    }
  }

  private int http(HttpRouter<HttpServerRequest, HttpServerResponse> router) throws Exception {
    StickyHttpProxy proxy = StickyHttpProxy.builder(engine.connector(), router)
        .clientGuard(engine.guard())
        .build();
    return await(new HttpListener(engine, endpoint(-1), proxy).listen());
  }

  private int tcp(StickyRouter<NetSocket> router) throws Exception {
    return await(
        new TcpListener(engine, endpoint(-2), StickyTcpProxy.of(engine.connector(), router))
            .listen());
  }

  private HttpRouter<HttpServerRequest, HttpServerResponse> httpRouter() {
    return httpRouter((request, hasher) -> newSession(), (request, route) -> {});
  }

  private HttpRouter<HttpServerRequest, HttpServerResponse> httpRouter(
      KeyExtractor<HttpServerRequest> key, RouteListener<HttpServerRequest> listener) {
    HttpAffinity<HttpServerRequest, HttpServerResponse> affinity =
        HttpAffinity.of(affinity(key), new VertxAccess());
    return HttpRouter.builder(pool, affinity).listener(listener).build();
  }

  private StickyRouter<NetSocket> tcpRouter() {
    return StickyRouter.of(pool, affinity((address, hasher) -> newSession()));
  }

  private long newSession() {
    return 1 + keys.getAndIncrement();
  }

  private <R> KeyAffinity<R> affinity(KeyExtractor<R> key) {
    return KeyAffinity.builder(key)
        .table((session, environment) -> new LateTable())
        .build();
  }

  private Question question() throws InterruptedException {
    return requireNonNull(asked.poll(5, TimeUnit.SECONDS));
  }

  private int connections() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  private static Endpoint endpoint(int port) {
    return new Endpoint("127.0.0.1", port, null, List.of(), Duration.ofSeconds(60));
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** What the store is asked. */
  private record Question(String candidate, CompletableFuture<Bound> bound) {
    void answer() {
      bound.complete(Bound.stored(candidate));
    }
  }

  /** A table that knows nothing, and asks the test. */
  private final class LateTable implements StickyTable {
    @Override
    public @Nullable String lookup(long key) {
      return null;
    }

    @Override
    public @Nullable String peek(long key) {
      return null;
    }

    @Override
    public boolean wantsHash(long key) {
      return false;
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      throw new AssertionError("bind (expected: bindAsync)");
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      Question question = new Question(candidate, new CompletableFuture<>());
      asked.add(question);
      return question.bound();
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
