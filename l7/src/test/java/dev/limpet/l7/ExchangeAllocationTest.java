package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What an exchange of a kept session allocates from its beginning to its end. */
@Tag("slow")
class ExchangeAllocationTest {
  private static final int HITS = 50_000;
  private static final int SESSIONS = 1_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final double SLACK_BYTES = 4;

  /** The exchange itself. */
  private static final double EXCHANGE = 40;

  /** The route, its hold, and what the pool remembers the hold by. */
  private static final double HELD = 120;

  /**
   * The Cookie field without the LB cookie: a string of 32 characters, its bytes, the characters
   * that it is made of, a list and a map.
   */
  private static final double STRIPPED = 24 + 48 + 80 + 24 + 32;

  /** What each case allocates, in a JVM in which no other test has run. */
  private static final Map<String, Double> MEASURED = new HashMap<>();

  @BeforeAll
  static void measure() throws IOException, InterruptedException {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ExchangeAllocationTest.class.getName())
        .redirectErrorStream(true)
        .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    output
        .lines()
        .map(line -> line.split(" ", -1))
        .filter(words -> words.length == 2 && words[0].startsWith("by-"))
        .forEach(words -> MEASURED.put(words[0], Double.valueOf(words[1])));
  }

  /** What optimizing compilers leave depends on what has run before, so nothing else does. */
  public static void main(String[] args) {
    for (boolean counts : new boolean[] {false, true}) {
      HttpRouter<Request, Response> app = appCookie(pool(counts));
      print("by-app-cookie", counts, bytesPerExchange(app, appRequests()));
      HttpRouter<Request, Response> lb = lbCookie(pool(counts));
      print("by-lb-cookie", counts, bytesPerExchange(lb, lbRequests(lb)));
      HttpRouter<Request, Response> watched = lbCookie(pool(counts, PassiveHealth.standard()));
      print("by-lb-cookie-watched", counts, bytesPerExchange(watched, lbRequests(watched)));
    }
  }

  private static void print(String name, boolean counts, double bytes) {
    System.out.println(name + (counts ? "-counted " : " ") + bytes);
  }

  @Test
  void byAppCookie_theExchangeAlone() {
    assertMeasured("by-app-cookie", EXCHANGE);
  }

  @Test
  void byAppCookieInAPoolThatCounts_theExchangeAndWhatItHolds() {
    assertMeasured("by-app-cookie-counted", EXCHANGE + HELD);
  }

  @Test
  void byLbCookie_theExchangeAndTheStrippedField() {
    assertMeasured("by-lb-cookie", EXCHANGE + STRIPPED);
  }

  @Test
  void byLbCookieInAPoolThatCounts_alsoWhatItHolds() {
    assertMeasured("by-lb-cookie-counted", EXCHANGE + STRIPPED + HELD);
  }

  @Test
  void passiveHealthCostsNothing() {
    assertMeasured("by-lb-cookie-watched", EXCHANGE + STRIPPED);
    assertMeasured("by-lb-cookie-watched-counted", EXCHANGE + STRIPPED + HELD);
  }

  private static void assertMeasured(String name, double bytes) {
    assertThat(MEASURED.get(name)).as("%s", MEASURED).isCloseTo(bytes, within(SLACK_BYTES));
  }

  private static Pool pool(boolean counts) {
    return pool(counts, null);
  }

  private static Pool pool(boolean counts, @Nullable PassiveHealth health) {
    var pool = Pool.builder("web").backends(List.of(Backend.of("a", "127.0.0.1", 80)));
    if (health != null) {
      pool.passiveHealth(health);
    }
    return (counts ? pool.countConnections() : pool).build();
  }

  private static HttpRouter<Request, Response> appCookie(Pool pool) {
    return HttpRouter.of(
        pool,
        AppCookieAffinity.builder(Response.ACCESS)
            .session(StickySession.appCookie("JSESSIONID"))
            .table((session, environment) -> new AlwaysA())
            .build());
  }

  private static HttpRouter<Request, Response> lbCookie(Pool pool) {
    return HttpRouter.of(pool, LbCookieAffinity.builder(pool, Response.ACCESS).build());
  }

  private static List<Request> appRequests() {
    return IntStream.range(0, SESSIONS)
        .mapToObj(
            i -> Request.of("theme=dark; JSESSIONID=0123456789ABCDEF0123456789AB" + i + "; a=b"))
        .toList();
  }

  /** Of which {@code theme=dark; _ga=GA1.1.1234567890} goes to the backend. */
  private static List<Request> lbRequests(HttpRouter<Request, Response> router) {
    return IntStream.range(0, SESSIONS)
        .mapToObj(i -> {
          Browser browser = new Browser().with("theme", "dark");
          Route route = browser.visit(router);
          route.close();
          return browser.with("_ga", "GA1.1.1234567890").request();
        })
        .toList();
  }

  private static double bytesPerExchange(
      HttpRouter<Request, Response> router, List<Request> requests) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Response response = Response.ok();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      exchange(router, requests, response);
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    assertThat(response.changes()).isZero();
    return (double) least / HITS;
  }

  private static void exchange(
      HttpRouter<Request, Response> router, List<Request> requests, Response response) {
    for (int i = 0; i < HITS; i++) {
      StickyExchange<Request, Response> exchange = router.begin(requests.get(i % SESSIONS));
      if (exchange.route().outcome() != Outcome.KEPT
          || exchange.fieldsToBackend().size() > 1) {
        throw new AssertionError("not kept");
      }
      exchange.responded(response);
      kept = exchange;
      exchange.close();
    }
    kept = null;
  }

  /** Keeps the compiler from leaving the exchange out. */
  @SuppressWarnings("UnusedVariable") // it is written
  private static volatile @Nullable StickyExchange<Request, Response> kept;

  /** A table that has bound every key to the same backend, and allocates nothing. */
  private static final class AlwaysA implements StickyTable {
    private static final Bound HELD = Bound.held("a");

    @Override
    public String lookup(long key) {
      return "a";
    }

    @Override
    public String peek(long key) {
      return "a";
    }

    @Override
    public boolean wantsHash(long key) {
      return false;
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return HELD;
    }

    @Override
    public Bound renew(long key, String name, @Nullable Duration age) {
      return HELD;
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
