package dev.limpet.micrometer;

import static dev.limpet.micrometer.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.ResponseStats;
import dev.limpet.l7.StickyExchange;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ResponseMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void cookies_areCounted() {
    var pool = pool("a");
    HttpRouter<Page, Page> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, Page.ACCESS).build());
    ResponseMetrics.of(router).bindTo(registry);
    try (StickyExchange<Page, Page> exchange = router.begin(Page.empty())) {
      exchange.responded(Page.empty());
    }

    assertThat(registry.get("limpet.responses.issued").tags("router", "pool").functionCounter())
        .satisfies(counter -> assertThat(counter.count()).isEqualTo(1));
  }

  /** A number that is added later must get a meter. Each number is another one, from 1. */
  @Test
  void everyNumberOfResponseStats_hasTheMeterOfItsName() throws Exception {
    ResponseStats stats = stats();
    ResponseMetrics.of(HttpRouter.of(pool("a"), new Told(stats))).bindTo(registry);

    List<Method> numbers = numbers();
    assertThat(numbers).hasSize(12);
    for (Method number : numbers) {
      String name = "limpet.responses."
          + number.getName().replaceAll("([A-Z])", ".$1").toLowerCase(Locale.ROOT);
      assertThat(registry.get(name).functionCounter().count())
          .as(name)
          .isEqualTo(((Long) number.invoke(stats)).doubleValue())
          .isPositive();
    }
    assertThat(registry.getMeters()).hasSameSizeAs(numbers);
  }

  private static List<Method> numbers() {
    return Arrays.stream(ResponseStats.class.getMethods())
        .filter(method -> method.getReturnType() == long.class)
        .filter(method -> method.getParameterCount() == 0)
        .toList();
  }

  private static ResponseStats stats() throws ReflectiveOperationException {
    Class<?> type = Class.forName("dev.limpet.l7.ResponseCounts");
    Constructor<?> made = type.getDeclaredConstructor();
    made.setAccessible(true);
    Object counts = made.newInstance();
    int number = 1;
    for (Field field : type.getDeclaredFields()) {
      if (field.getType() == LongAdder.class) {
        field.setAccessible(true);
        ((LongAdder) field.get(counts)).add(number++);
      }
    }
    Constructor<ResponseStats> stats = ResponseStats.class.getDeclaredConstructor(type);
    stats.setAccessible(true);
    return stats.newInstance(counts);
  }

  /** An affinity without sessions that tells what it was told. */
  private record Told(ResponseStats responseStats) implements HttpAffinity<Page, Page> {
    private static final Affinity<Page> NONE = Affinity.none();

    @Override
    public HttpAccess<Page, Page> access() {
      return Page.ACCESS;
    }

    @Override
    public void onResponse(Page request, Route route, Page response) {}

    @Override
    public Recall recall(Page request, PoolSnapshot pool) {
      return NONE.recall(request, pool);
    }

    @Override
    public Recall peek(Page request, PoolSnapshot pool) {
      return NONE.peek(request, pool);
    }

    @Override
    public long key(Page request) {
      return NONE.key(request);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return NONE.bind(key, expected, candidate, byHash);
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }

    @Override
    public @Nullable StickySession session() {
      return null;
    }
  }
}
