package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.AsyncStickyRouter;
import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Layer;
import dev.limpet.core.Lease;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyRouterBuilder;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.gateway.backend.BackendClient;
import dev.limpet.examples.gateway.backend.BackendCounts;
import dev.limpet.examples.gateway.http.HttpListener;
import dev.limpet.examples.gateway.http.HttpRouting;
import dev.limpet.examples.gateway.http.VertxCookies;
import dev.limpet.examples.gateway.net.BackendAddresses;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.examples.gateway.tcp.TcpListener;
import dev.limpet.examples.gateway.tcp.TcpRouting;
import dev.limpet.l7.AsyncHttpRouter;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
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
    BackendAddresses addresses =
        new BackendAddresses(InetAddress::getAllByName, timeout, line -> {});
    engine = Engine.start(timeout, addresses, complaint -> {});
    backend = TestBackend.http("b1");
    pool = Pool.of("web", Backend.of("b1", "127.0.0.1", backend.port()));
  }

  @AfterEach
  void stop() throws Exception {
    await(engine.close());
    backend.close();
  }

  @Test
  void aRequestWaits_andGoesOnWithItsBody() throws Exception {
    int port = http(HttpRouting.of(httpRouter()));
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
    int port = http(HttpRouting.of(httpRouter()));
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
    HttpRouting http = HttpRouting.of(httpRouter());
    TcpRouting tcp = TcpRouting.of(tcpRouter());
    for (int port : new int[] {http(http), tcp(tcp)}) {
      Question question;
      try (Socket client = new Client(port).connect()) {
        TestBackend.say(client, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
        question = question();
      }
      question.answer();
    }
    Wait.until(() -> http.router().stats().requests() + tcp.router().stats().requests() == 2);
    Wait.until(() -> connections() == 0);
  }

  @Test
  void aRequestThatIsClosedMeanwhile_isSentToNoBackend() throws Exception {
    HttpRouting asking = HttpRouting.of(httpRouter());
    CompletableFuture<HttpServerRequest> closed = new CompletableFuture<>();
    CompletableFuture<Lease> leased = new CompletableFuture<>();
    int port = http(new HttpRouting(
        asking.router(),
        request -> {
          request.connection().close().onSuccess(end -> closed.complete(request));
          return asking.lease().apply(request).onSuccess(leased::complete);
        },
        asking.reroute()));
    try (Socket client = new Client(port).connect()) {
      TestBackend.say(client, "GET / HTTP/1.1\r\nHost: site\r\n\r\n");
      HttpServerRequest request = closed.get(5, TimeUnit.SECONDS);
      Wait.until(() -> request.response().closed());

      question().answer();

      assertThat(leased.get(5, TimeUnit.SECONDS).backend()).isNotNull();
      Wait.until(() -> connections() == 0);
      assertThat(backend.connections()).isZero();
    }
  }

  @Test
  void aFailedConnect_waitsForItsNextBackendToo() throws Exception {
    try (TestBackend dead = TestBackend.refusing("b0")) {
      pool.change(edit -> edit.add(Backend.of("b0", "127.0.0.1", dead.port())).drain("b1"));
      for (int port :
          new int[] {http(HttpRouting.of(httpRouter())), tcp(TcpRouting.of(tcpRouter()))}) {
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

  private int http(HttpRouting routing) throws Exception {
    return await(new HttpListener(
            engine, endpoint(-1), routing, new BackendClient(engine, new BackendCounts()), null)
        .listen());
  }

  private int tcp(TcpRouting routing) throws Exception {
    return await(new TcpListener(engine, endpoint(-2), routing).listen());
  }

  private AsyncHttpRouter<HttpServerRequest, HttpServerResponse> httpRouter() {
    HttpAffinity<HttpServerRequest, HttpServerResponse> affinity =
        HttpAffinity.of(affinity(), new VertxCookies());
    return new AsyncHttpRouter<>(HttpRouter.builder(pool, affinity).leasing(), this::bind);
  }

  private AsyncStickyRouter<InetAddress> tcpRouter() {
    StickyRouterBuilder<InetAddress> settings = StickyRouter.builder(pool, affinity());
    return new AsyncStickyRouter<>(settings.layer(Layer.LAYER_7).leasing(), this::bind);
  }

  /** Every request begins a session. */
  private <R> Affinity<R> affinity() {
    return KeyAffinity.<R>builder((request, hasher) -> 1 + keys.getAndIncrement())
        .build();
  }

  private CompletionStage<Bound> bind(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    Question question = new Question(candidate, new CompletableFuture<>());
    asked.add(question);
    return question.bound();
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
}
