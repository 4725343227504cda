package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.examples.gateway.http.HttpListener;
import dev.limpet.examples.gateway.net.Endpoint;
import dev.limpet.examples.gateway.net.Engine;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Responses that begin a session, with a store that answers late: they leave once the store knows
 * it. The table asks the test, which answers when it likes.
 */
@Timeout(30)
class HeldResponseTest {
  private static final String LOGIN = "Set-Cookie: SID=1\r\n";
  private static final int SILENCE_MILLIS = 60;

  private final LinkedBlockingQueue<Question> asked = new LinkedBlockingQueue<>();
  private final AtomicInteger boundHere = new AtomicInteger();
  private boolean answersAtRandom;
  private volatile HttpServerRequest latest;
  private Engine engine;
  private Pool pool;
  private TestBackend backend;

  @BeforeEach
  void start() {
    Duration timeout = Duration.ofSeconds(2);
    engine = Engine.start(timeout, InetAddress::getAllByName, line -> {}, complaint -> {});
  }

  @AfterEach
  void stop() throws Exception {
    await(engine.close());
    backend.close();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, '200 OK', 'Content-Length: 4||body'",
    "GET, '200 OK', 'Content-Length: 0||'",
    "GET, '200 OK', 'Transfer-Encoding: chunked||4|body|3|123|0||'",
    "GET, '200 OK', 'Transfer-Encoding: chunked|Trailer: X-End||4|body|0|X-End: 1||'",
    "GET, '204 No Content', '|'",
    "GET, '304 Not Modified', 'ETag: \"1\"||'",
    "GET, '302 Found', 'Location: /|Content-Length: 0||'",
    "HEAD, '200 OK', 'Content-Length: 4||'",
    "POST, '200 OK', 'Content-Length: 4||body'",
  })
  void responseThatWaited_isAsOneThatDidNot(String method, String status, String rest)
      throws Exception {
    backend = TestBackend.http(
        "b1", request -> "HTTP/1.1 " + status + "\r\n" + LOGIN + rest.replace("|", "\r\n"));
    int free = listen(-1, HttpAffinity.of(Affinity.none(), new VertxAccess()));
    int held = listen(-2, appCookie());
    String request = method + " / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
        + (method.equals("POST") ? "Content-Length: 2\r\n\r\nhi" : "\r\n");
    String expected = new Client(free).exchange(request);
    assertThat(expected).contains(status).contains("Set-Cookie: SID=1");

    try (Socket client = new Client(held).connect()) {
      TestBackend.say(client, request);
      Question question = question();
      assertSilent(client);
      assertThat(connections()).as("or a drain would miss the session").isEqualTo(1);

      question.answer();

      assertThat(Client.all(client)).isEqualTo(expected);
    }
    Wait.until(() -> connections() == 0);
  }

  @Test
  void responseThatEndsByTheBackendsClose_passesWhole() throws Exception {
    backend = TestBackend.raw("b1", socket -> {
      Message.request(socket.getInputStream());
      TestBackend.say(socket, "HTTP/1.1 200 OK\r\n" + LOGIN + "\r\nbody");
    });
    try (Socket client = get(listen(-1, appCookie()))) {
      question().answer();
      assertThat(Client.response(client, "GET").body()).isEqualTo("body");
    }
    Wait.until(() -> connections() == 0);
  }

  @Test
  void backendThatClosesAmidItsResponse_endsTheClientsConnectionToo() throws Exception {
    CountDownLatch said = new CountDownLatch(1);
    backend = TestBackend.raw("b1", socket -> {
      Message.request(socket.getInputStream());
      TestBackend.say(socket, "HTTP/1.1 200 OK\r\n" + LOGIN + "Content-Length: 9\r\n\r\nbody");
      said.countDown();
    });
    try (Socket client = get(listen(-1, appCookie()))) {
      Question question = question();
      Wait.until(said);
      question.answer();
      assertThat(Client.allUntilReset(client)).doesNotEndWith("body\r\n");
    }
    Wait.until(() -> connections() == 0);
  }

  @Test
  void pipelinedRequests_areAnsweredInTheirOrder() throws Exception {
    AtomicInteger number = new AtomicInteger();
    backend =
        TestBackend.http("b1", request -> TestBackend.ok("n" + number.incrementAndGet(), LOGIN));
    try (Socket client = get(listen(-1, appCookie()))) {
      Question first = question();
      TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertSilent(client);
      first.answer();
      question().answer();
      InputStream in = client.getInputStream();
      assertThat(Message.response(in, false).body()).isEqualTo("n1");
      assertThat(Message.response(in, false).body()).isEqualTo("n2");
    }
  }

  @Test
  void whileOneWaits_otherRequestsAreServed() throws Exception {
    backend = TestBackend.http(
        "b1",
        request -> request.startLine().contains("/login")
            ? TestBackend.ok("in", LOGIN)
            : TestBackend.ok("b1"));
    int port = listen(-1, appCookie());
    try (Socket waiting = new Client(port).connect()) {
      TestBackend.say(waiting, "GET /login HTTP/1.1\r\nHost: a\r\n\r\n");
      Question question = question();
      for (int i = 0; i < 16; i++) { // whatever event loop takes it
        assertThat(new Client(port).body()).isEqualTo("b1");
      }
      question.answer();
      assertThat(Client.response(waiting, "GET").body()).isEqualTo("in");
    }
  }

  @Test
  void webSocketThatBeginsASession_opensOnceTheStoreKnowsIt() throws Exception {
    backend = TestBackend.raw("b1", socket -> {
      Message.request(socket.getInputStream());
      TestBackend.say(socket, switching() + "FIRST");
      socket.getOutputStream().write(socket.getInputStream().readNBytes(4));
      socket.getInputStream().read();
    });
    Client client = new Client(listen(-1, appCookie()));
    try (Socket socket = client.connect()) {
      TestBackend.say(socket, WebSocketTest.upgradeRequest(client));
      Question question = question();
      assertSilent(socket);

      question.answer();

      InputStream in = socket.getInputStream();
      assertThat(new Message(Message.head(in), "").field("set-cookie")).isEqualTo("SID=1");
      assertThat(in.readNBytes(5)).isEqualTo("FIRST".getBytes(ISO_8859_1));
      TestBackend.say(socket, "echo");
      assertThat(in.readNBytes(4)).isEqualTo("echo".getBytes(ISO_8859_1));
    }
    Wait.until(() -> connections() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"body", "chunked", "endless", "web socket"})
  void clientThatGoesMeanwhile_leavesNothingBehind(String kind) throws Exception {
    AtomicLong written = new AtomicLong();
    backend = TestBackend.raw("b1", socket -> {
      Message.request(socket.getInputStream());
      switch (kind) {
        case "body" -> {
          do {
            TestBackend.say(socket, TestBackend.ok("body", LOGIN));
          } while (Message.request(socket.getInputStream()) != null);
        }
        case "chunked" ->
          TestBackend.say(
              socket,
              "HTTP/1.1 200 OK\r\n" + LOGIN + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n");
        case "endless" -> {
          TestBackend.say(socket, "HTTP/1.1 200 OK\r\n" + LOGIN + "\r\n");
          Flow.pour(socket, written);
        }
        default -> TestBackend.say(socket, switching() + "FIRST");
      }
      socket.getInputStream().read();
    });
    Client client = new Client(listen(-1, appCookie()));
    for (int i = 0; i < Integer.getInteger("held.leavers", 2); i++) {
      Question question;
      try (Socket socket = client.connect()) {
        TestBackend.say(
            socket,
            kind.equals("web socket")
                ? WebSocketTest.upgradeRequest(client)
                : "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        question = question();
        socket.setSoLinger(i % 2 == 1, 0); // resets every other time
      }
      Wait.until(() -> latest.response().closed());
      question.answer();
      Wait.until(() -> connections() == 0);
    }
  }

  @Test
  void whileItWaits_theBackendIsNotReadWithoutEnd_andNothingIsLost() throws Exception {
    long length = 30_000_000;
    AtomicLong written = new AtomicLong();
    backend = TestBackend.raw("b1", socket -> {
      Message.request(socket.getInputStream());
      TestBackend.say(
          socket, "HTTP/1.1 200 OK\r\n" + LOGIN + "Content-Length: " + length + "\r\n\r\n");
      byte[] piece = new byte[60_000];
      for (long at = 0; at < length; at += piece.length) {
        for (int i = 0; i < piece.length; i++) {
          piece[i] = at(at + i);
        }
        socket.getOutputStream().write(piece);
        written.addAndGet(piece.length);
      }
    });
    try (Socket client = get(listen(-1, appCookie()))) {
      Question question = question();
      assertThat(Wait.untilSteady(written::get)).isLessThan(length / 2);

      question.answer();

      InputStream in = client.getInputStream();
      assertThat(Message.head(in)).startsWith("HTTP/1.1 200");
      byte[] body = in.readNBytes((int) length);
      assertThat(body).hasSize((int) length);
      long wrong = 0;
      for (int i = 0; i < body.length; i++) {
        wrong += (body[i] == at(i)) ? 0 : 1;
      }
      assertThat(wrong).isZero();
    }
  }

  private static byte at(long place) {
    return (byte) (place * 31 + (place >> 11));
  }

  @Test
  void storeThatFails_theResponseLeaves() throws Exception {
    backend = TestBackend.http("b1", request -> TestBackend.ok("b1", LOGIN));
    try (Socket client = get(listen(-1, appCookie()))) {
      question().bound().completeExceptionally(new IllegalStateException("store"));
      assertThat(Client.response(client, "GET").body()).isEqualTo("b1");
    }
  }

  @Test
  void storeThatDidNotAnswerInTime_theResponseLeavesAndTheSessionIsBoundHere() throws Exception {
    backend = TestBackend.http("b1", request -> TestBackend.ok("b1", LOGIN));
    try (Socket client = get(listen(-1, appCookie()))) {
      question().bound().complete(Bound.UNAVAILABLE);
      assertThat(Client.response(client, "GET").body()).isEqualTo("b1");
      assertThat(boundHere).hasValue(1);
    }
  }

  /** The backend's connection serves others before the response has left. */
  @Test
  void responseThatAClientDoesNotRead_leavesTheBackendsConnectionToOthers() throws Exception {
    String chunks = "a\r\n0123456789\r\n".repeat(40) + "0\r\n\r\n";
    backend = TestBackend.http(
        "b1",
        request -> request.fields("x-again").isEmpty()
            ? "HTTP/1.1 200 OK\r\n" + LOGIN + "Transfer-Encoding: chunked\r\n\r\n" + chunks
            : TestBackend.ok("again"));
    String window = "\0\4\0\0\0\12"; // SETTINGS_INITIAL_WINDOW_SIZE: 10
    try (Socket client = new Client(listen(-1, appCookie())).connect()) {
      TestBackend.say(
          client,
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Http2Frames.frame(4, 0, 0, window)
              + Http2Frames.get(1));
      Question question = question();
      InputStream in = client.getInputStream();
      TestBackend.say(client, Http2Frames.get(3, Http2Frames.field("x-again", "1")));
      assertThat(Http2Frames.await(in, Http2Frames.DATA)).isEqualTo("again");
      question.answer();
      assertThat(Http2Frames.await(in, Http2Frames.DATA)).isEqualTo("0123456789");

      TestBackend.say(client, Http2Frames.get(5, Http2Frames.field("x-again", "1")));

      assertThat(Http2Frames.await(in, Http2Frames.DATA)).isEqualTo("again");
      assertThat(backend.connections()).isEqualTo(1);

      TestBackend.say(client, Http2Frames.frame(8, 0, 1, "\0\0\20\0")); // WINDOW_UPDATE
      StringBuilder rest = new StringBuilder();
      while (rest.length() < 390) {
        rest.append(Http2Frames.await(in, Http2Frames.DATA));
      }
      assertThat(rest).hasToString("0123456789".repeat(39));
    }
  }

  @Test
  void http2_responseWaitsAndOtherStreamsDoNot() throws Exception {
    backend = TestBackend.http(
        "b1",
        request -> request.fields("x-again").isEmpty()
            ? TestBackend.ok("login", LOGIN)
            : TestBackend.ok("again"));
    try (Socket client = new Client(listen(-1, appCookie())).connect()) {
      TestBackend.say(client, Http2Frames.PREFACE + Http2Frames.get(1));
      Question question = question();
      TestBackend.say(client, Http2Frames.get(3, Http2Frames.field("x-again", "1")));
      assertThat(Http2Frames.await(client.getInputStream(), Http2Frames.DATA)).isEqualTo("again");

      question.answer();

      assertThat(Http2Frames.await(client.getInputStream(), Http2Frames.DATA)).isEqualTo("login");
    }
    Wait.until(() -> connections() == 0);
  }

  @Test
  void http2_streamThatIsResetMeanwhile_leavesNothingBehind() throws Exception {
    backend = TestBackend.http("b1", request -> TestBackend.ok("login", LOGIN));
    try (Socket client = new Client(listen(-1, appCookie())).connect()) {
      TestBackend.say(client, Http2Frames.PREFACE + Http2Frames.get(1));
      Question question = question();
      TestBackend.say(client, Http2Frames.frame(3, 0, 1, "\0\0\0\10"));
      Wait.until(() -> connections() == 0);
      question.answer();

      TestBackend.say(client, Http2Frames.get(3));
      question().answer();

      assertThat(Http2Frames.await(client.getInputStream(), Http2Frames.DATA)).isEqualTo("login");
    }
  }

  /** The store answers from another thread, at any moment of the response. */
  @Tag("slow")
  @Test
  void storeThatAnswersAtAnyMoment_eachResponseIsWhole() throws Exception {
    answersAtRandom = true;
    int bodies = Integer.getInteger("held.responses", 600);
    backend = TestBackend.http(
        "b1",
        request -> "HTTP/1.1 200 OK\r\n" + LOGIN
            + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n3\r\n123\r\n0\r\n\r\n");
    try (Socket client = new Client(listen(-1, appCookie())).connect()) {
      InputStream in = client.getInputStream();
      for (int i = 0; i < bodies; i++) {
        TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assertThat(Message.response(in, false).body()).isEqualTo("body123");
      }
    }
    assertThat(backend.connections()).isEqualTo(1);
  }

  private int listen(int port, HttpAffinity<HttpServerRequest, HttpServerResponse> affinity)
      throws Exception {
    if (pool == null) {
      pool = Pool.builder("web")
          .countConnections()
          .backends(List.of(Backend.of("b1", "127.0.0.1", backend.port())))
          .build();
    }
    Endpoint endpoint = new Endpoint("127.0.0.1", port, null, List.of(), Duration.ofSeconds(60));
    HttpRouter<HttpServerRequest, HttpServerResponse> router = HttpRouter.builder(pool, affinity)
        .listener((request, route) -> latest = request)
        .build();
    StickyHttpProxy proxy = StickyHttpProxy.builder(engine.connector(), router)
        .clientGuard(engine.guard())
        .build();
    return await(new HttpListener(engine, endpoint, proxy).listen());
  }

  private HttpAffinity<HttpServerRequest, HttpServerResponse> appCookie() {
    return AppCookieAffinity.builder(new VertxAccess())
        .session(StickySession.appCookie("SID"))
        .table((session, environment) -> new LateTable())
        .build();
  }

  private static Socket get(int port) throws IOException {
    Socket client = new Client(port).connect();
    TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    return client;
  }

  private static String switching() {
    return WebSocketTest.SWITCHING.replaceFirst("\r\n", "\r\n" + LOGIN);
  }

  private static void assertSilent(Socket client) throws IOException {
    int before = client.getSoTimeout();
    client.setSoTimeout(SILENCE_MILLIS);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);
    client.setSoTimeout(before);
  }

  private Question question() throws InterruptedException {
    return requireNonNull(asked.poll(5, TimeUnit.SECONDS));
  }

  private int connections() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  /** What the store is asked. */
  private record Question(String candidate, CompletableFuture<Bound> bound) {
    void answer() {
      bound.complete(Bound.stored(candidate));
    }

    void answerAtRandom() {
      int spins = ThreadLocalRandom.current().nextInt(4_000);
      for (int i = 0; i < spins; i++) {
        Thread.onSpinWait();
      }
      answer();
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
      return true;
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      boundHere.incrementAndGet();
      return Bound.stored(candidate);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      Question question = new Question(candidate, new CompletableFuture<>());
      if (answersAtRandom) {
        CompletableFuture<Void> unused = CompletableFuture.runAsync(question::answerAtRandom);
      } else {
        asked.add(question);
      }
      return question.bound();
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
