package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpHitAllocationTest {
  private static final int HITS = 50_000;
  private static final int SESSIONS = 1_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final double SLACK_BYTES = 4;

  private final Pool pool = Pool.of("web", Backend.of("a", "127.0.0.1", 80));

  @BeforeEach
  void onlyWhereAllocationIsMeasured() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
  }

  @Test
  void aHitByLbCookie_allocatesNothing() {
    LbCookieAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, Response.ACCESS).build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    List<Request> requests = IntStream.range(0, SESSIONS)
        .mapToObj(i -> {
          Browser browser = new Browser().with("theme", "dark");
          browser.visit(router);
          return browser.with("_ga", "GA1.1.1234567890").request();
        })
        .toList();

    assertThat(bytesPerHit(router, requests)).isLessThan(SLACK_BYTES);
  }

  @Test
  void aHitByAppCookie_allocatesNothingButWhatItsTableDoes() {
    AppCookieAffinity<Request, Response> affinity = AppCookieAffinity.builder(Response.ACCESS)
        .session(StickySession.appCookie("JSESSIONID"))
        .table((session, environment) -> new AlwaysA())
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    List<Request> requests = IntStream.range(0, SESSIONS)
        .mapToObj(
            i -> Request.of("theme=dark; JSESSIONID=0123456789ABCDEF0123456789AB" + i + "; a=b"))
        .toList();

    assertThat(bytesPerHit(router, requests)).isLessThan(SLACK_BYTES);
  }

  @Test
  void aHitByRouteSuffix_allocatesNothing() {
    HttpAccess<Request, Response> access = new TargetAccess();
    for (boolean ranked : new boolean[] {false, true}) {
      HttpRouter<Request, Response> router =
          HttpRouter.of(pool, RouteSuffixAffinity.builder(access).ranked(ranked).build());

      List<Request> requests = IntStream.range(0, SESSIONS)
          .mapToObj(i -> Request.of("theme=dark; JSESSIONID=0123456789ABCDEF" + i + ".x.a; a=b"))
          .toList();
      List<Request> known = IntStream.range(0, SESSIONS)
          .mapToObj(i -> Request.of("theme=dark; JSESSIONID=0123456789ABCDEF" + i + ".a; a=b"))
          .toList();

      assertThat(bytesPerHit(router, ranked ? requests : known)).isLessThan(SLACK_BYTES);
    }
  }

  @Test
  void aHitByPrefix_allocatesNothing() {
    PrefixCookieAffinity<Request, Response> affinity =
        PrefixCookieAffinity.builder(pool, Response.ACCESS, "SID").build();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    List<Request> requests = IntStream.range(0, SESSIONS)
        .mapToObj(i -> {
          Browser browser = new Browser().with("theme", "dark");
          browser.visit(router, AppFixture.sets("SID=0123456789ABCDEF" + i + "; Path=/"));
          return browser.with("_ga", "GA1.1.1234567890").request();
        })
        .toList();

    assertThat(bytesPerHit(router, requests)).isLessThan(SLACK_BYTES);
  }

  /** An access whose targets have a path parameter that is not known. */
  private static final class TargetAccess implements HttpAccess<Request, Response> {
    @Override
    public List<String> requestFields(Request request, String name) {
      return Response.ACCESS.requestFields(request, name);
    }

    @Override
    public String target(Request request) {
      return "/cart;v=1;jsessionid=0123456789ABCDEF.y?page=2";
    }

    @Override
    public int status(Response response) {
      return Response.ACCESS.status(response);
    }

    @Override
    public List<String> fields(Response response, String name) {
      return Response.ACCESS.fields(response, name);
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      Response.ACCESS.setFields(response, name, values);
    }
  }

  private static double bytesPerHit(HttpRouter<Request, Response> router, List<Request> requests) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      hit(router, requests);
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    return (double) least / HITS;
  }

  private static void hit(HttpRouter<Request, Response> router, List<Request> requests) {
    for (int i = 0; i < HITS; i++) {
      if (router.route(requests.get(i % SESSIONS)).outcome() != Outcome.KEPT) {
        throw new AssertionError("not kept");
      }
    }
  }

  /** A table that has bound every key to the same backend. */
  private static final class AlwaysA implements StickyTable {
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
      return Bound.held("a");
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
