package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a request of a bound session allocates. */
@Tag("slow")
class HeaderAllocationTest {
  private static final int HITS = 50_000;
  private static final int ROUNDS = 20;
  private static final String MCP = HeaderFixture.MCP;

  /** An access that allocates nothing. */
  private static final HttpAccess<Hit, Response> ACCESS = new HttpAccess<>() {
    @Override
    public List<String> requestFields(Hit request, String name) {
      return name.equals(MCP) ? request.id : List.of();
    }

    @Override
    public int status(Response response) {
      return 200;
    }

    @Override
    public List<String> fields(Response response, String name) {
      return List.of();
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      throw new AssertionError(name);
    }
  };

  private record Hit(List<String> id) {}

  private final Pool pool = Pool.of("web", LbFixture.backend("a"));

  @BeforeAll
  static void canBeMeasured() {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
  }

  @Test
  void aLearnedHit_allocatesNothing() {
    HeaderAffinity<Hit, Response> affinity =
        HeaderAffinity.learned(ACCESS, MCP).environment(Environment.local()).build();
    HttpRouter<Hit, Response> router = HttpRouter.of(pool, affinity);
    List<Hit> hits = IntStream.range(0, 100)
        .mapToObj(i -> new Hit(List.of("1868a90c-7a0b-4e1a-9b7e-0d8f6a1c2e" + i)))
        .toList();
    for (Hit hit : hits) {
      affinity.table().bind(affinity.key(hit), null, "a", true);
    }

    assertThat(leastBytesPerHit(() -> kept(router, hits))).isLessThan(1.0);
  }

  @Test
  void aLearnedHitOfAnExchange_allocatesTheExchangeAndWhatItRemembers() {
    HeaderAffinity<Hit, Response> affinity =
        HeaderAffinity.learned(ACCESS, MCP).environment(Environment.local()).build();
    HttpRouter<Hit, Response> router = HttpRouter.of(pool, affinity);
    List<Hit> hits = List.of(new Hit(List.of("1868a90c-7a0b-4e1a-9b7e-0d8f6a1c2e3f")));
    affinity.table().bind(affinity.key(hits.get(0)), null, "a", true);
    Response response = Response.ok();

    double bytes = leastBytesPerHit(() -> {
      long kept = 0;
      for (int i = 0; i < HITS; i++) {
        StickyExchange<Hit, Response> exchange = router.begin(hits.get(0));
        kept += (exchange.route().outcome() == Outcome.KEPT) ? 1 : 0;
        exchange.responded(response);
        exchange.close();
      }
      return kept;
    });

    assertThat(bytes).isLessThan(40 + 40 + 4.0);
  }

  private static long kept(HttpRouter<Hit, Response> router, List<Hit> hits) {
    long kept = 0;
    for (int i = 0; i < HITS; i++) {
      kept += (router.route(hits.get(i % hits.size())).outcome() == Outcome.KEPT) ? 1 : 0;
    }
    return kept;
  }

  private static double leastBytesPerHit(LongSupplier hits) {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      assertThat(hits.getAsLong()).isEqualTo(HITS);
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }
    return (double) least / HITS;
  }
}
