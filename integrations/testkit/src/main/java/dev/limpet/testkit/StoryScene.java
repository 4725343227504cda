package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Three backends, a proxy before them, and its clients. */
abstract class StoryScene {
  static final String APP_COOKIE = "JSESSIONID";

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int ROUNDS = 5;

  private final List<RawBackend> backends = new ArrayList<>();
  private final List<RawClient> clients = new ArrayList<>();
  private @Nullable StoryProxy proxy;

  StoryScene() {}

  /**
   * Starts the proxy at a free port of the loopback interface. Its pool must count connections, its
   * failover must be {@code MOVE} (the default), and its connect timeout should be short. Called
   * once in each test, which closes the proxy at its end.
   *
   * @param backends the pool's backends, with the default weights and limits
   * @param session of the type LB cookie, or of the type app cookie with a name
   * @return the running proxy, such as {@link StoryProxy#of}
   * @throws Exception if it cannot be started; the test fails
   */
  protected abstract StoryProxy start(List<Backend> backends, StickySession session)
      throws Exception;

  /**
   * {@return the features that the proxy lacks, each with the reason} Their tests are skipped, and
   * the report shows the reason. Empty by default.
   */
  protected Map<StoryFeature, String> unsupported() {
    return Map.of();
  }

  /**
   * {@return the longest wait for an event that must come} It must exceed the proxy's connect
   * timeout. 10 s by default.
   */
  protected Duration patience() {
    return PATIENCE;
  }

  @BeforeEach
  final void startBackends() throws IOException {
    for (String id : List.of("b1", "b2", "b3")) {
      backends.add(RawBackend.start(id));
    }
  }

  /** Looks at the routes while the clients' connections are still open. */
  @AfterEach
  @Timeout(60)
  final void endWithoutAnOpenRoute() throws Exception {
    try {
      backends.forEach(RawBackend::release);
      if (proxy != null) {
        awaitOpenRoutes(0);
      }
    } finally {
      close();
    }
  }

  private void close() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    for (RawBackend backend : backends) {
      backend.close(); // first, because the proxy may wait for requests that are under way
    }
    if (proxy != null) {
      proxy.close();
    }
  }

  /** Starts the proxy with sessions of an LB cookie. */
  void startWithLbCookie() throws Exception {
    start(StickySession.lbCookie());
  }

  /** Starts the proxy with sessions of the application's cookie. */
  void startWithAppCookie() throws Exception {
    start(StickySession.appCookie(APP_COOKIE));
  }

  private void start(StickySession session) throws Exception {
    proxy = start(backends.stream().map(RawBackend::backend).toList(), session);
  }

  StoryProxy proxy() {
    if (proxy == null) {
      throw new IllegalStateException("proxy: not started (expected: by the test)");
    }
    return proxy;
  }

  List<RawBackend> backends() {
    return backends;
  }

  RawBackend backend(String id) {
    return backends.stream()
        .filter(backend -> backend.id().equals(id))
        .findAny()
        .orElseThrow(() -> new AssertionError("backend: " + id + " (expected: b1..b3)"));
  }

  /** A client without a session. */
  RawClient newClient() {
    RawClient client = new RawClient(proxy().port(), patience());
    clients.add(client);
    return client;
  }

  /** Skips the test if the proxy lacks a feature. */
  void need(StoryFeature feature) {
    String reason = unsupported().get(feature);
    assumeTrue(reason == null, () -> feature + ": " + reason);
  }

  /** Makes a backend answer no SYN, or skips the test where the system cannot. */
  void silence(String id) throws IOException {
    assumeTrue(backend(id).fallSilent(), "this system answers SYNs in spite of a full backlog");
  }

  void awaitOpenRoutes(int expected) throws Exception {
    Await.value("open routes", expected, patience(), () -> proxy().openRoutes());
  }

  /** Waits until a number of requests wait at the backends. */
  void awaitWaiting(int expected) throws Exception {
    Await.value("waiting requests", expected, patience(), this::waiting);
  }

  int waiting() {
    return backends.stream().mapToInt(RawBackend::waiting).sum();
  }

  /** Asks once, and returns the id of the backend that answered when the route is closed. */
  String begin(RawClient client) throws Exception {
    String home = ask(client);
    awaitOpenRoutes(0);
    return home;
  }

  /** Asks once, and returns the id of the backend that answered. */
  static String ask(RawClient client, String... fields) throws IOException {
    RawMessage answer = client.get(fields);
    assertThat(answer.status()).isEqualTo(200);
    return Echo.of(answer).backend();
  }

  /**
   * Sends requests of all clients in random order. In the order of their first requests, plain
   * round robin could look sticky.
   */
  static void assertStick(Map<RawClient, String> homes) throws IOException {
    List<RawClient> asking = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      asking.addAll(homes.keySet());
    }
    Collections.shuffle(asking, new Random(7));
    Map<RawClient, List<String>> asked = new LinkedHashMap<>();
    for (RawClient client : asking) {
      RawMessage answer = client.get();
      asked
          .computeIfAbsent(client, any -> new ArrayList<>())
          .add(Echo.of(answer).backend());
      assertThat(answer.fields("Set-Cookie")).as("cookies of a kept session").isEmpty();
    }
    homes.forEach((client, home) -> assertThat(asked.get(client))
        .as("backends of a session that began at " + home)
        .containsOnly(home));
  }

  /** Sends several requests of one client. */
  static void assertStays(RawClient client, String home) throws IOException {
    assertStick(Map.of(client, home));
  }
}
