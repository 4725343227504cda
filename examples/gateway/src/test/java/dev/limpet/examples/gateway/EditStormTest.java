package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Member;
import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Running;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many operators and the file change one gateway at the same time, under traffic of all kinds. */
@Timeout(120)
class EditStormTest {
  private static final int EDITS = 100;
  private static final int EDITORS = 4;

  @TempDir
  private Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean over = new AtomicBoolean();
  private TestBackend[] web;
  private TestBackend[] db;

  @BeforeEach
  void start() throws IOException {
    web = new TestBackend[] {server("web1"), server("web2"), server("web3")};
    db = new TestBackend[] {talker("db1"), talker("db2")};
  }

  @AfterEach
  void stop() throws Exception {
    over.set(true);
    threads.shutdownNow();
    for (TestBackend backend : web) {
      backend.close();
    }
    for (TestBackend backend : db) {
      backend.close();
    }
  }

  /** Answers requests, begins logins, and echoes what comes over a WebSocket. */
  private static TestBackend server(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      InputStream in = socket.getInputStream();
      for (Message request = Message.request(in); request != null; request = Message.request(in)) {
        if (!request.fields("upgrade").isEmpty()) {
          TestBackend.say(
              socket,
              WebSocketTest.SWITCHING.replaceFirst("\r\n\r\n$", "\r\nX-Id: " + id + "\r\n\r\n"));
          in.transferTo(socket.getOutputStream());
          return;
        }
        boolean isKnown = request.fields("cookie").stream().anyMatch(it -> it.contains("SID="));
        TestBackend.say(
            socket,
            isKnown
                ? TestBackend.ok(id)
                : TestBackend.ok(id, "Set-Cookie: SID=" + id + System.nanoTime() + "\r\n"));
      }
    });
  }

  private static TestBackend talker(String id) throws IOException {
    return TestBackend.raw(id, socket -> {
      TestBackend.say(socket, id);
      socket.getInputStream().transferTo(socket.getOutputStream());
    });
  }

  private String yaml() {
    return """
        profile: open
        stopTimeout: 0s
        listeners:
          - {name: web, protocol: http, port: 0, pool: web}
          - {name: db, protocol: tcp, port: 0, pool: db}
        pools:
          - name: web
            stickySession: {type: app-cookie, cookieName: SID, duration: 20m}  # of the shop
            backends:
        %s
          - name: db
            stickySession: {type: source-ip, duration: 20m}
            backends:
        %s
        admin: {port: 0}
        """.formatted(lines(web), lines(db));
  }

  private static String lines(TestBackend... backends) {
    return Arrays.stream(backends)
        .map(it -> "      - " + it.entry().replaceFirst("}$", ", weight: 5, drain: false}"))
        .reduce((one, other) -> one + '\n' + other)
        .orElseThrow();
  }

  @Test
  void aState_isThatOfItsVersion() throws Exception {
    try (TestGateway gateway = TestGateway.of(yaml())) {
      Map<String, String> states = new ConcurrentHashMap<>();
      List<Future<?>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(threads.submit(() -> {
          while (!over.get()) {
            readState(gateway, states);
          }
          return null;
        }));
      }
      AtomicInteger edits = new AtomicInteger();
      edit(
          edits,
          edit -> change(
              gateway,
              (edit % 2 == 0)
                  ? sticky("web", "app-cookie, cookieName: SID", 1 + edit % 50)
                  : weight("web", "web1", 1 + edit % 7)));
      over.set(true);
      for (Future<?> reader : readers) {
        reader.get(30, TimeUnit.SECONDS);
      }
      assertThat(states).hasSizeGreaterThan(3);
    }
  }

  private static void readState(TestGateway gateway, Map<String, String> states)
      throws IOException {
    JsonObject state = new JsonObject(
        AdminTest.get(gateway.gateway().adminPort(), "/api/state").body());
    JsonObject owner = state.getJsonArray("owners").getJsonObject(0);
    String duration = owner.getJsonObject("stickySession").getString("duration");
    assertThat(owner.getString("effective"))
        .isEqualTo("sticky by app cookie SID, " + duration.replace("m", " min") + " sliding");
    JsonObject pool = state.getJsonArray("pools").getJsonObject(0);
    JsonObject first = pool.getJsonArray("backends").getJsonObject(0);
    String now = duration + ' ' + first.getInteger("weight");
    String earlier = states.putIfAbsent(state.getString("version"), now);
    assertThat(now).isEqualTo(earlier == null ? now : earlier);
  }

  @Test
  @Tag("slow")
  void editsOfAllKindsUnderTrafficOfAllKinds_loseNoSession() throws Exception {
    Path path = Files.writeString(folder.resolve("gateway.yaml"), yaml());
    try (TestGateway gateway = TestGateway.following(new ConfigFile(path, true))) {
      List<Future<Integer>> http = new ArrayList<>();
      List<Future<Integer>> tcp = new ArrayList<>();
      List<Future<Integer>> sockets = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Client user = gateway.client();
        String home = user.body();
        http.add(threads.submit(() -> visit(user, home)));
        sockets.add(threads.submit(webSocket(user, home)));
        Client caller = gateway.client().at(gateway.port("db"));
        tcp.add(threads.submit(() -> call(caller)));
      }
      Future<?> watch = threads.submit(() -> watchCounters(gateway));
      Future<?> writer = threads.submit(() -> writeFile(path));
      AtomicInteger edits = new AtomicInteger();
      edit(edits, edit -> change(gateway, anyEdit(edit)));
      over.set(true);
      writer.get(30, TimeUnit.SECONDS);
      watch.get(30, TimeUnit.SECONDS);
      long requests = sum(http) + 4 + sum(sockets);
      long calls = sum(tcp);

      assertCounts(gateway, "web", requests);
      assertCounts(gateway, "db", calls);
      assertThat(gateway.console().complaints()).isEmpty();
      Wait.until(() -> {
        gateway.gateway().operations().running();
        return Files.readString(path).contains("# of the shop");
      });
    }
  }

  @Test
  @Tag("slow")
  void hundredsOfChanges_leaveNothingBehind() throws Exception {
    Map<String, Long> before = live();
    try (TestGateway gateway = TestGateway.of(yaml())) {
      Client user = gateway.client();
      List<String> types =
          List.of("lb-cookie", "app-cookie, cookieName: SID", "prefix-cookie, cookieName: OTHER");
      for (int i = 0; i < 400; i++) {
        change(gateway, sticky("web", types.get(i / 2 % 3), 1 + i % 50));
        if (i % 50 == 0) {
          change(gateway, new Edit.Stickiness("web", null));
          change(gateway, new Edit.Drain("web", "web1", "10m", false));
          user.body();
          change(gateway, new Edit.Ready("web", "web1"));
        }
      }
      live()
          .forEach(
              (type, count) -> assertThat(count - before.get(type)).as(type).isLessThan(10));
    }
  }

  /** Counts what a change makes anew. Other tests may have left some of it in this JVM. */
  private static Map<String, Long> live() throws Exception {
    Map<String, Long> counts = new HashMap<>();
    for (String type : List.of(
        "dev.limpet.l7.HttpRouter",
        "dev.limpet.vertx.StickyHttpProxy",
        "dev.limpet.examples.gateway.LiveTable",
        "dev.limpet.core.table.CompactStickyTable",
        "dev.limpet.examples.gateway.SuccessorAffinity",
        "dev.limpet.l7.LbCookieAffinity",
        "dev.limpet.core.Drains$Drain",
        "io.vertx.core.impl.VertxImpl$InternalTimerHandler")) {
      String known = Class.forName(type).getName(); // so that a renamed class is not counted as 0
      counts.put(known, LiveObjects.count(ProcessHandle.current().pid(), known));
    }
    return counts;
  }

  @Test
  void drainsOfAllBackendsAtOnce_leaveOneThatTakesNewSessions() throws Exception {
    try (TestGateway gateway = TestGateway.of(yaml())) {
      for (int round = 0; round < 20; round++) {
        CyclicBarrier start = new CyclicBarrier(3);
        List<Future<Change>> drains = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
          Edit edit = new Edit.Drain("web", "web" + i, null, false);
          drains.add(threads.submit(() -> {
            start.await(10, TimeUnit.SECONDS);
            return gateway.gateway().operations().change(edit, null, "127.0.0.1");
          }));
        }
        int refused = 0;
        for (Future<Change> drain : drains) {
          refused += (drain.get(30, TimeUnit.SECONDS) instanceof Change.Unconfirmed) ? 1 : 0;
        }
        assertThat(refused).isEqualTo(1);
        assertThat(gateway.pool().snapshot().members())
            .filteredOn(Member::acceptsNew)
            .hasSize(1);
        for (int i = 1; i <= 3; i++) {
          change(gateway, new Edit.Ready("web", "web" + i));
        }
      }
    }
  }

  @Test
  void ofEditsWithTheSameVersion_oneIsMade() throws Exception {
    try (TestGateway gateway = TestGateway.of(yaml())) {
      CyclicBarrier start = new CyclicBarrier(8);
      List<Future<Change>> changes = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Edit edit = weight("web", "web1", 10 + i);
        changes.add(threads.submit(() -> {
          start.await(10, TimeUnit.SECONDS);
          return gateway.gateway().operations().change(edit, 1L, "127.0.0.1");
        }));
      }
      int made = 0;
      for (Future<Change> change : changes) {
        if (change.get(30, TimeUnit.SECONDS) instanceof Change.Stale stale) {
          assertThat(stale.version()).isEqualTo(2);
          assertThat(stale.differences()).singleElement().asString().contains("weight: 5 -> 1");
        } else {
          made++;
        }
      }
      assertThat(made).isEqualTo(1);
    }
  }

  private Edit anyEdit(int edit) {
    return switch (edit % 10) {
      case 0 -> sticky("web", "app-cookie, cookieName: SID", 1 + edit % 50);
      case 1 -> weight("web", "web" + (1 + edit % 3), 1 + edit % 9);
      case 2 -> new Edit.Drain("web", "web2", "1s", true);
      case 3 -> new Edit.Ready("web", "web2");
      case 4 -> sticky("db", "source-ip", 1 + edit % 50);
      case 5 -> new Edit.Drain("db", "db1", null, true);
      case 6 -> new Edit.Ready("db", "db1");
      case 7 -> new Edit.AddBackend("web", "{id: extra, address: \"127.0.0.1:1\", weight: 0}");
      case 8 -> new Edit.RemoveBackend("web", "extra", true);
      default -> weight("db", "db2", 1 + edit % 9);
    };
  }

  private Integer visit(Client user, String home) throws IOException {
    int requests = 0;
    while (!over.get()) {
      assertThat(user.body()).isEqualTo(home);
      requests++;
    }
    return requests;
  }

  private Integer call(Client caller) throws IOException {
    String home = null;
    int calls = 0;
    while (!over.get()) {
      try (Socket socket = caller.connect()) {
        String id = new String(socket.getInputStream().readNBytes(3), UTF_8);
        home = (home == null) ? id : home;
        assertThat(id).isEqualTo(home);
        calls++;
        TestBackend.say(socket, "ping");
        assertThat(socket.getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("ping");
      }
    }
    return calls;
  }

  private Callable<Integer> webSocket(Client user, String home) throws IOException {
    Socket socket = user.connect();
    TestBackend.say(
        socket,
        "GET /ws HTTP/1.1\r\nHost: a\r\nCookie: SID=" + user.cookie("SID")
            + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    assertThat(Message.head(socket.getInputStream())).contains("X-Id: " + home);
    return () -> {
      try (socket) {
        while (!over.get()) {
          TestBackend.say(socket, "ping");
          assertThat(socket.getInputStream().readNBytes(4)).asString(UTF_8).isEqualTo("ping");
        }
        return 1;
      }
    };
  }

  private Void watchCounters(TestGateway gateway) throws IOException {
    long last = 0;
    double metrics = 0;
    while (!over.get()) {
      long now = stats(gateway, "web").requests() + stats(gateway, "db").requests();
      assertThat(now).isGreaterThanOrEqualTo(last);
      last = now;
      double scraped = AdminTest.get(gateway.gateway().adminPort(), "/metrics")
          .body()
          .lines()
          .filter(line -> line.startsWith("limpet_router_requests_total"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
      assertThat(scraped).isGreaterThanOrEqualTo(metrics);
      metrics = scraped;
    }
    return null;
  }

  /** Changes a weight, as a person with an editor does. */
  private Void writeFile(Path path) throws IOException {
    for (int i = 0; !over.get(); i++) {
      String text = Files.readString(path);
      Path draft = folder.resolve("draft");
      Files.writeString(draft, text.replaceFirst("(db1[^}]*weight:) \\d+", "$1 " + (1 + i % 5)));
      Files.move(draft, path, ATOMIC_MOVE);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
    return null;
  }

  private static void assertCounts(TestGateway gateway, String listener, long requests) {
    RouterStats stats = stats(gateway, listener);
    assertThat(stats.count(Outcome.MOVED)).isZero();
    assertThat(stats.requests()).isEqualTo(requests);
    long sum = Arrays.stream(Outcome.values()).mapToLong(stats::count).sum();
    assertThat(sum).isEqualTo(requests);
    Operations operations = gateway.gateway().operations();
    Running running = operations.running();
    long served = running.config().pools().stream()
        .filter(pool -> pool.name().equals(listener))
        .flatMap(pool -> pool.backends().stream())
        .mapToLong(it -> running.counts().get(listener).requests(it.backend().name()))
        .sum();
    assertThat(served).isEqualTo(requests);
  }

  private static RouterStats stats(TestGateway gateway, String listener) {
    return gateway.gateway().listeners().get(listener).router().stats();
  }

  private static long sum(List<Future<Integer>> all) throws Exception {
    long sum = 0;
    for (Future<Integer> one : all) {
      sum += one.get(30, TimeUnit.SECONDS);
    }
    return sum;
  }

  private interface Editing {
    void edit(int number) throws Exception;
  }

  private void edit(AtomicInteger edits, Editing editing) throws Exception {
    List<Future<?>> editors = new ArrayList<>();
    for (int i = 0; i < EDITORS; i++) {
      editors.add(threads.submit(() -> {
        for (int edit = edits.getAndIncrement(); edit < EDITS; edit = edits.getAndIncrement()) {
          editing.edit(edit);
        }
        return null;
      }));
    }
    for (Future<?> editor : editors) {
      editor.get(90, TimeUnit.SECONDS);
    }
  }

  private static void change(TestGateway gateway, Edit edit) {
    Change change = gateway.gateway().operations().change(edit, null, "127.0.0.1");
    assertThat(change).isNotInstanceOf(Change.Unconfirmed.class);
    if (!(edit instanceof Edit.AddBackend) && !(edit instanceof Edit.RemoveBackend)) {
      assertThat(change).isInstanceOf(Change.Done.class);
    }
  }

  private static Edit sticky(String pool, String type, int minutes) {
    return new Edit.Stickiness(pool, "{type: " + type + ", duration: " + minutes + "m}");
  }

  private static Edit weight(String pool, String id, int weight) {
    return new Edit.ChangeBackend(pool, id, "{\"weight\":" + weight + '}', false);
  }
}
