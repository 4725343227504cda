package dev.limpet.benchmarks;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.StickyExchange;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What does a kept request cost from its route to its response: by an exchange, by the router's
 * separate calls, and for comparison by {@code route} alone? Each request has three cookies.
 *
 * <pre>java -jar benchmarks.jar ExchangeBenchmark -prof gc</pre>
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 3,
    jvmArgsAppend = {"-Xms2g", "-Xmx2g", "-XX:+AlwaysPreTouch"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ExchangeBenchmark {
  private static final Response.Access ACCESS = new Response.Access();
  private static final String COOKIE = "JSESSIONID";
  private static final int SEED = 42;

  /** What the sessions are known by. */
  @Param({"lbCookie", "appCookie"})
  String affinity = "lbCookie";

  /** Whether the pool counts connections, so that each request holds one. */
  @Param({"false", "true"})
  boolean counted;

  /** How many sessions there are: a power of two. */
  @Param("1024")
  int sessions = 1024;

  private final Response response = new Response();
  private int next;

  @SuppressWarnings("NullAway.Init") // by bind
  private HttpRouter<Request, Response> router;

  @SuppressWarnings("NullAway.Init") // by bind
  private Request[] requests;

  /** Binds the sessions. */
  @Setup
  public void bind() {
    BoundSessions.checkVisited(sessions);
    Backend[] backends = Backends.equal(10).toArray(Backend[]::new);
    Pool pool = counted
        ? Pool.builder("web").backends(List.of(backends)).countConnections().build()
        : Pool.of("web", backends);
    router = HttpRouter.of(pool, affinity(pool));
    Random random = new Random(SEED);
    requests = new Request[sessions];
    Arrays.setAll(requests, i -> bound(random));
    Collections.shuffle(Arrays.asList(requests), random);
  }

  private HttpAffinity<Request, Response> affinity(Pool pool) {
    return affinity.equals("lbCookie")
        ? LbCookieAffinity.builder(pool, ACCESS).build()
        : AppCookieAffinity.builder(ACCESS)
            .session(StickySession.appCookie(COOKIE))
            .build();
  }

  private Request bound(Random random) {
    Request stranger = BoundSessions.strangers(1, 4).get(0);
    Response answer = affinity.equals("lbCookie")
        ? new Response()
        : new Response(COOKIE + '=' + BoundSessions.hex(random) + "; Path=/");
    try (Route route = router.route(stranger)) {
      router.onResponse(stranger, route, answer);
    }
    return stranger.withCookies("theme=dark; " + answer.cookie() + "; _ga=GA1.1.1234567890");
  }

  /** Routes, and no more. */
  @Benchmark
  public Route route() {
    Route route = router.route(requests[next++ & (sessions - 1)]);
    route.close();
    return route;
  }

  /** Routes, strips and responds by the router's calls. */
  @Benchmark
  public Route calls(Blackhole hole) {
    Request request = requests[next++ & (sessions - 1)];
    Route route = router.route(request);
    hole.consume(router.fieldsToBackend(request));
    router.onResponse(request, route, response);
    route.close();
    return route;
  }

  /** Routes, strips and responds by an exchange. */
  @Benchmark
  public Route exchange(Blackhole hole) {
    StickyExchange<Request, Response> exchange = router.begin(requests[next++ & (sessions - 1)]);
    hole.consume(exchange.fieldsToBackend());
    exchange.responded(response);
    exchange.close();
    return exchange.route();
  }
}
