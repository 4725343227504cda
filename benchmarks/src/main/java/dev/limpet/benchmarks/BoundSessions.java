package dev.limpet.benchmarks;

import dev.limpet.core.Affinity;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** A router, and one request of each session that it has bound, in a fixed random order. */
final class BoundSessions {
  /** The kinds of affinity. */
  static final List<String> KINDS =
      List.of("sourceIp", "sourceIpv6", "lbCookie", "appCookie", "header");

  private static final int BACKENDS = 10;
  private static final int SEED = 42;
  private static final int SESSIONS_PER_SECOND = 64;
  private static final String COOKIE = "JSESSIONID";
  private static final Response.Access ACCESS = new Response.Access();

  private final StickyRouter<Request> router;
  private final Request[] requests;

  private BoundSessions(StickyRouter<Request> router, List<Request> requests) {
    this.router = router;
    this.requests = requests.toArray(Request[]::new);
    Collections.shuffle(Arrays.asList(this.requests), new Random(SEED));
  }

  /**
   * Binds sessions.
   *
   * @param kind one of {@link #KINDS}
   * @param table one of {@link Tables}, for kinds that need a table
   * @param count the number of sessions
   */
  static BoundSessions by(String kind, String table, int count) {
    List<Request> strangers = strangers(count, kind.equals("sourceIpv6") ? 16 : 4);
    Pool pool = Pool.builder("web").backends(Backends.equal(BACKENDS)).build();
    TableFactory tables =
        (session, environment) -> Tables.of(table, session, count, environment.clock());
    BoundSessions sessions = switch (kind) {
      case "sourceIp", "sourceIpv6" ->
        keyed(
            strangers,
            pool,
            SourceIpAffinity.builder(Request::address).table(tables).build());
      case "header" ->
        keyed(
            strangers,
            pool,
            KeyAffinity.builder(KeyExtractor.string(Request::tenant))
                .table(tables)
                .build());
      case "lbCookie" -> {
        AtomicLong begun = new AtomicLong();
        yield cookies(strangers, pool, lbCookies(pool, begun), () -> {
          begun.incrementAndGet();
          return new Response();
        });
      }
      case "appCookie" -> {
        Random values = new Random(SEED);
        yield cookies(
            strangers,
            pool,
            AppCookieAffinity.builder(ACCESS)
                .session(StickySession.appCookie(COOKIE))
                .table(tables)
                .build(),
            () -> new Response(COOKIE + '=' + hex(values) + "; Path=/"));
      }
      default ->
        throw new IllegalArgumentException(
            "affinity: " + kind + " (expected: one of " + KINDS + ")");
    };
    sessions.visit();
    return sessions;
  }

  /**
   * Checks the number of sessions that a benchmark visits in turns by the low bits of a counter.
   * With another number than a power of two, it would visit only some of them.
   */
  static void checkVisited(int sessions) {
    if (sessions < 1 || Integer.bitCount(sessions) != 1) {
      throw new IllegalArgumentException("sessions: " + sessions + " (expected: a power of two)");
    }
  }

  StickyRouter<Request> router() {
    return router;
  }

  Request[] requests() {
    return requests;
  }

  /** Routes one request of each session. */
  void visit() {
    for (Request request : requests) {
      Route route = router.route(request);
      if (route.outcome() != Outcome.KEPT) {
        throw new IllegalStateException("route: " + route + " (expected: KEPT)");
      }
    }
  }

  private static BoundSessions keyed(
      List<Request> strangers, Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router = StickyRouter.of(pool, affinity);
    strangers.forEach(router::route);
    return new BoundSessions(router, strangers);
  }

  /**
   * Binds clients by cookie: each sends a request, receives a cookie, and sends it from then on.
   */
  private static BoundSessions cookies(
      List<Request> strangers,
      Pool pool,
      HttpAffinity<Request, Response> affinity,
      Supplier<Response> responses) {
    StickyRouter<Request> router = HttpRouter.of(pool, affinity);
    List<Request> requests = new ArrayList<>(strangers);
    requests.replaceAll(request -> {
      Response response = responses.get();
      affinity.onResponse(request, router.route(request), response);
      return request.withCookies("theme=dark; " + response.cookie() + "; _ga=GA1.1.1234567890");
    });
    return new BoundSessions(router, requests);
  }

  /**
   * Returns an affinity whose clock has 64 new sessions per second, so that hardly any two have the
   * same token and all are live at the end.
   */
  private static LbCookieAffinity<Request, Response> lbCookies(Pool pool, AtomicLong begun) {
    return LbCookieAffinity.builder(pool, ACCESS)
        .session(StickySession.lbCookie().withDuration(Duration.ofHours(24)))
        .environment(
            Environment.local().withWallClock(new ArrivalTime(System.currentTimeMillis(), begun)))
        .build();
  }

  /** Returns requests of clients without a session. */
  static List<Request> strangers(int count, int addressBytes) {
    Random random = new Random(SEED);
    List<Request> requests = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      byte[] address = new byte[addressBytes];
      random.nextBytes(address);
      requests.add(new Request(ip(address), "tenant-" + i, List.of()));
    }
    return requests;
  }

  private static InetAddress ip(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  static String hex(Random random) {
    return String.format("%016X%016X", random.nextLong(), random.nextLong());
  }

  /**
   * A wall clock that advances by a second for every 64 sessions that begin. As with the system's
   * clock, reading its milliseconds allocates nothing.
   */
  private record ArrivalTime(long start, AtomicLong begun) implements InstantSource {
    @Override
    public long millis() {
      return start + TimeUnit.SECONDS.toMillis(begun.get() / SESSIONS_PER_SECOND);
    }

    @Override
    public Instant instant() {
      return Instant.ofEpochMilli(millis());
    }
  }
}
