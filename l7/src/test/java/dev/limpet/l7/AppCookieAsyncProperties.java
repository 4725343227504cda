package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/** Whether responses are handled in one go or when the table answers, the same is learned. */
class AppCookieAsyncProperties {
  private static final int RESPONSES = 20;
  private static final int VALUES = 4;

  @Tag("slow")
  @Property(tries = 200)
  void bothWaysLeaveTheSameTableAndCounts(
      @ForAll Failover failover,
      @ForAll boolean chain,
      @ForAll boolean reachable,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    ExchangeWorld.Kind kind = chain ? ExchangeWorld.Kind.APP_THEN_LB : ExchangeWorld.Kind.APP;
    ExchangeWorld atOnce = ExchangeWorld.late(kind, failover);
    ExchangeWorld later = ExchangeWorld.late(kind, failover);
    for (int i = 0; i < RESPONSES; i++) {
      Sent request = Sent.of(cookies(random));
      String[] setCookies = setCookies(random);
      StickyExchange<Sent, Response> expected = atOnce.router.begin(request);
      StickyExchange<Sent, Response> actual = later.router.begin(request);
      assertThat(ExchangeWorld.shown(actual.route()))
          .isEqualTo(ExchangeWorld.shown(expected.route()));

      expected.responded(AppFixture.sets(setCookies));
      CompletionStage<Void> handled = actual.respondedAsync(AppFixture.sets(setCookies));
      later.answer(reachable);

      assertThat(handled.toCompletableFuture()).isCompleted();
      expected.close();
      actual.close();
      assertThat(later.stats()).isEqualTo(atOnce.stats());
      assertThat(bindings(later)).isEqualTo(bindings(atOnce));
    }
  }

  private static List<String> bindings(ExchangeWorld world) {
    List<String> bindings = new ArrayList<>();
    for (int value = 0; value < VALUES; value++) {
      bindings.add(world.bound("sid-" + value));
    }
    return bindings;
  }

  private static List<String> cookies(SplittableRandom random) {
    return IntStream.range(0, random.nextInt(3)).mapToObj(i -> value(random)).toList();
  }

  private static String[] setCookies(SplittableRandom random) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(i -> random.nextInt(4) == 0 ? "SID=; Max-Age=0" : value(random) + "; Path=/" + i)
        .toArray(String[]::new);
  }

  private static String value(SplittableRandom random) {
    return "SID=sid-" + random.nextInt(VALUES);
  }
}
