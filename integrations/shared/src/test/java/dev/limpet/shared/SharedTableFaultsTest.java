package dev.limpet.shared;

import static dev.limpet.shared.Fleet.T;
import static dev.limpet.shared.Fleet.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fleet does when its store, or the way there, fails. */
class SharedTableFaultsTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final Fleet fleet = new Fleet(2, "a", "b", "c");
  private final Fleet.Proxy left = fleet.proxy(0);
  private final Fleet.Proxy right = fleet.proxy(1);

  @Tag("slow")
  @Test
  void twoRoutersThatGetTheSameNewKeysAtOnce_agreeOnEachOfThem() throws InterruptedException {
    Fleet racing = new Fleet(2, Fleet.SLIDING, 200_000, "a", "b", "c", "d", "e");
    racing.proxy(1).pool.change(edit -> edit.add(Backend.of("f", "10.0.0.1", 1)));
    racing.proxy(0).pool.change(edit -> edit.add(Backend.of("f", "10.0.0.1", 1).withWeight(9)));
    Map<Long, String> first = new ConcurrentHashMap<>();
    Map<Long, String> second = new ConcurrentHashMap<>();
    CountDownLatch go = new CountDownLatch(1);
    Thread one = routing(racing.proxy(0), first, go);
    Thread other = routing(racing.proxy(1), second, go);
    go.countDown();
    one.join();
    other.join();

    assertThat(first).hasSize(100_000).isEqualTo(second);
    long bound = racing.proxies.stream()
        .mapToLong(proxy -> proxy.router.stats().count(Outcome.NEW))
        .sum();
    assertThat(bound).isEqualTo(100_000);
  }

  private static Thread routing(Fleet.Proxy proxy, Map<Long, String> answers, CountDownLatch go) {
    Thread thread = new Thread(() -> {
      try {
        go.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      for (long session = 0; session < 100_000; session++) {
        answers.put(session, proxy.backend(session));
      }
    });
    thread.start();
    return thread;
  }

  @Test
  void bindingsThatTheStoreLost_areMadeAgainByTheProxyThatKnowsThem() {
    String bound = left.backend(1);
    fleet.store.flush();
    left.link.heal();

    assertThat(left.backend(1)).isEqualTo(bound);
    assertThat(fleet.store.get(key(1))).isEqualTo(SharedBinding.first(bound, 0));
    assertThat(right.backend(1)).isEqualTo(bound);
  }

  @Test
  void aBindingThatTheStoreLostSilently_isMadeAgainWithinAQuarterOfTheDuration() {
    String bound = left.backend(1);
    fleet.store.flush();

    fleet.time.pass(T.dividedBy(4).plus(T.dividedBy(16)));
    left.backend(1);

    assertThat(fleet.store.get(key(1))).isEqualTo(SharedBinding.first(bound, 0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void afterASplitBrain_theBindingOfWhoTellsFirstHolds_withinOneUse(boolean isLeftFirst) {
    String agreed = left.backend(1);
    right.backend(1);
    cut();
    left.pool.change(edit -> edit.remove(agreed));
    right.pool.change(
        edit -> edit.remove(agreed).add(Backend.of("d", "10.0.0.1", 9).withWeight(256)));
    String lefts = left.backend(1);
    String rights = right.backend(1);
    assertThat(lefts).isNotEqualTo(rights).isNotEqualTo(agreed);
    left.pool.change(edit -> edit.add(Backend.of("d", "10.0.0.1", 9)));

    for (Fleet.Proxy proxy : isLeftFirst ? List.of(left, right) : List.of(right, left)) {
      proxy.link.heal();
      proxy.route(1);
    }

    String holds = isLeftFirst ? lefts : rights;
    assertThat(left.backend(1)).isEqualTo(holds);
    assertThat(right.backend(1)).isEqualTo(holds);
  }

  @Test
  void routersThatAreCutOffFromEverything_makeTheSameChoiceForANewKey() {
    cut();

    for (long session = 0; session < 1_000; session++) {
      Route one = left.route(session);
      Route other = right.route(session);
      assertThat(one.outcome()).isEqualTo(Outcome.HASHED);
      assertThat(one.reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
      assertThat(one.backend().id()).isEqualTo(other.backend().id());
    }
  }

  @Test
  void aSessionThatBeganWhileTheStoreAnswered_isFoundWithoutIt_alsoByAProxyThatNeverSawIt() {
    Map<Long, String> bound = new ConcurrentHashMap<>();
    LongStream.range(0, 1_000).forEach(session -> bound.put(session, left.backend(session)));
    cut();

    bound.forEach((session, backend) -> {
      assertThat(left.route(session).outcome()).isEqualTo(Outcome.KEPT);
      assertThat(right.backend(session)).isEqualTo(backend);
    });
  }

  @Test
  void anOlderBindingInTheStore_movesNobodyWhoKnowsANewerOne() {
    String old = left.backend(1);
    left.pool.change(edit -> edit.remove(old));
    String moved = left.backend(1);
    left.pool.change(edit -> edit.add(Backend.of(old, "10.0.0.1", 9)));
    fleet.store.put(key(1), SharedBinding.first(old, 0));

    left.link.heal();
    left.route(1);

    assertThat(left.backend(1)).isEqualTo(moved);
    assertThat(fleet.store.get(key(1))).isEqualTo(SharedBinding.of(moved, 2, 0));
    assertThat(right.backend(1)).isEqualTo(moved);
  }

  @Test
  void aLateWrite_doesNotReplaceANewerBinding_thoughItIsOfTheNameThatItExpects() {
    String home = left.backend(1);
    right.backend(1);
    left.link.delay(() -> Duration.ofSeconds(10));
    left.pool.change(edit -> edit.down(home));
    left.router.routeAsync(1L);
    right.pool.change(edit -> edit.down(home));
    String moved = right.backend(1);
    right.pool.change(edit -> edit.up(home).down(moved).down(third(home, moved)));
    assertThat(right.backend(1)).isEqualTo(home);
    SharedBinding newest = SharedBinding.of(home, 3, 0);
    assertThat(fleet.store.get(key(1))).isEqualTo(newest);

    long before = left.link.calls();
    fleet.time.pass(Duration.ofSeconds(11));

    assertThat(left.link.calls()).isGreaterThan(before);
    assertThat(fleet.store.get(key(1))).isEqualTo(newest);
  }

  private static String third(String one, String other) {
    return Stream.of("a", "b", "c")
        .filter(id -> !id.equals(one) && !id.equals(other))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anAnswerThatComesTooLate_isNotWaitedFor() {
    left.link.delay(() -> Duration.ofSeconds(2));

    var route = left.router.routeAsync(1L).toCompletableFuture();
    assertThat(route).isNotDone();
    fleet.time.pass(ModelLink.DEADLINE);

    assertThat(route.join().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    fleet.time.pass(Duration.ofSeconds(5));
    assertThat(left.router.stats().requests()).isEqualTo(1);
    assertThat(right.backend(1)).isEqualTo(route.join().backend().id());
  }

  @Test
  void manyBindingsAreMadeKnownAgainAFewAtATime_whenTheStoreIsBack() {
    LongStream.range(0, 5_000).forEach(left::route);
    fleet.store.flush();
    left.link.heal();
    left.link.delay(() -> Duration.ofMillis(1));
    long before = left.link.calls();

    LongStream.range(0, 5_000).forEach(left::route);
    fleet.time.pass(Duration.ofMillis(1));

    assertThat(left.link.calls() - before).isEqualTo(256);
    for (int round = 0; fleet.store.size() < 5_000; round++) {
      assertThat(round).isLessThan(30);
      LongStream.range(0, 5_000).forEach(left::route);
      fleet.time.pass(Duration.ofMillis(2));
    }
    assertThat(left.link.calls() - before).isEqualTo(5_000);
  }

  @Test
  void proxiesThatComeAndGoAndLoseMessages_agreeInTheEnd() {
    Random random = new Random(7);
    Fleet many = new Fleet(5, "a", "b", "c", "d");
    Supplier<Duration> latency = () -> Duration.ofNanos(random.nextInt(30_000_000));
    many.proxies.forEach(proxy -> proxy.link.delay(latency));
    many.proxy(4).link.deafen();
    for (int i = 0; i < 20_000; i++) {
      disturb(many, random, i);
      many.proxy(random.nextInt(5)).router.routeAsync((long) random.nextInt(200));
      many.time.pass(Duration.ofMillis(random.nextInt(40)));
    }
    many.proxies.forEach(proxy -> proxy.link.delay(() -> Duration.ZERO));
    many.time.pass(MOMENT);
    many.proxies.forEach(proxy -> proxy.link.heal());
    for (int use = 0; use < 2; use++) {
      many.proxies.forEach(
          proxy -> LongStream.range(0, 200).forEach(session -> proxy.router.routeAsync(session)));
    }

    for (long session = 0; session < 200; session++) {
      long asked = session;
      assertThat(many.proxies.stream().map(proxy -> proxy.backend(asked)).distinct())
          .as("session %d", session)
          .hasSize(1);
    }
  }

  private static void disturb(Fleet fleet, Random random, int step) {
    Fleet.Proxy proxy = fleet.proxy(random.nextInt(5));
    switch (random.nextInt(200)) {
      case 0 -> proxy.link.cut();
      case 1 -> proxy.link.heal();
      case 2 -> fleet.change(edit -> edit.down("abcd".substring(step % 4, step % 4 + 1)));
      case 3, 4 ->
        IntStream.range(0, 4)
            .forEach(i -> fleet.change(edit -> edit.up("abcd".substring(i, i + 1))));
      case 5 -> fleet.store.put(key(random.nextInt(200)), null);
      default -> {}
    }
  }

  private void cut() {
    left.link.cut();
    right.link.cut();
  }
}
