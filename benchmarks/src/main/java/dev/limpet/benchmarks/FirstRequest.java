package dev.limpet.benchmarks;

import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.net.InetAddress;
import java.util.List;

/**
 * How long does an embedder wait for its first routed request? Prints the nanoseconds from the
 * start of {@link #main} until a client has been bound: loading the classes, building the pool, the
 * affinity and the router, and routing. {@code first-request.sh} takes the median of many processes.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.FirstRequest source-ip</pre>
 */
public final class FirstRequest {
  private static final int BACKENDS = 3;

  private FirstRequest() {}

  /**
   * Prints the time.
   *
   * @param args {@code source-ip} or {@code lb-cookie}
   */
  public static void main(String[] args) {
    try {
      System.out.println(nanos(String.join(" ", args)));
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /** Binds a client, and returns how long that took. */
  static long nanos(String kind) {
    long start = System.nanoTime();
    Outcome outcome = switch (kind) {
      case "source-ip" -> bindByAddress();
      case "lb-cookie" -> bindByCookie();
      default ->
        throw new IllegalArgumentException("kind: " + kind + " (expected: source-ip or lb-cookie)");
    };
    long nanos = System.nanoTime() - start;
    if (outcome != Outcome.NEW) {
      throw new IllegalStateException("outcome: " + outcome + " (expected: NEW)");
    }
    return nanos;
  }

  private static Outcome bindByAddress() {
    StickyRouter<Request> router =
        StickyRouter.of(pool(), SourceIpAffinity.builder(Request::address).build());
    return router.route(request()).outcome();
  }

  private static Outcome bindByCookie() {
    Pool pool = pool();
    HttpAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, new Response.Access()).build();
    StickyRouter<Request> router = HttpRouter.of(pool, affinity);
    Request request = request();
    Route route = router.route(request);
    affinity.onResponse(request, route, new Response());
    return route.outcome();
  }

  private static Pool pool() {
    return Pool.builder("web").backends(Backends.equal(BACKENDS)).build();
  }

  private static Request request() {
    return new Request(InetAddress.getLoopbackAddress(), "tenant-1", List.of());
  }
}
