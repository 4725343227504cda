package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.shares;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pools that follow the lists of a registry. */
class PoolFollowTest {
  private final Pool pool = pool("a", "b", "c");

  @Test
  void aBackendThatIsMissing_isRemoved_andANewOneIsAdded() {
    PoolSnapshot now = pool.follow(List.of(backend("d"), backend("b")));

    assertThat(now).hasToString("[b UP, d UP]").isSameAs(pool.snapshot());
  }

  @Test
  void anEmptyList_emptiesThePool() {
    assertThat(pool.follow(List.of()).members()).isEmpty();
    assertThat(pool.follow(List.of(backend("a")))).hasToString("[a UP]");
  }

  @Test
  void theSameBackends_publishNothing() {
    PoolSnapshot before = pool.snapshot();

    assertThat(pool.follow(List.of(backend("a"), backend("b"), backend("c")))).isSameAs(before);
    assertThat(pool.follow(List.of(backend("c"), backend("a"), backend("b")))).isSameAs(before);
  }

  @Test
  void aBackendAtAnotherAddress_isReplaced_andKeepsItsDrainItsHealthAndItsPlace() {
    pool.change(edit -> edit.drain("a").down("a").drain("b").down("c"));

    PoolSnapshot now = pool.follow(List.of(
        backend("c").withAddress("10.0.0.9", 9), backend("b"), backend("a").withAddress("h", 1)));

    assertThat(now).hasToString("[a DOWN, b DRAINING, c DOWN]");
    assertThat(now.member("a").draining()).isTrue();
    assertThat(now.member("c").draining()).isFalse();
    assertThat(now.member("a").backend().authority()).isEqualTo("h:1");
    assertThat(now.member("c").backend().authority()).isEqualTo("10.0.0.9:9");
  }

  @Test
  void aNewGeneration_keepsDrainAndHealthOfItsId_andNoLoad() {
    pool.change(edit -> edit.drain("a").down("a").drain("b").down("c"));
    Load before = pool.snapshot().member("a").load();

    PoolSnapshot now = pool.follow(List.of(next("a"), next("b"), next("c")));

    assertThat(now).hasToString("[a@2 DOWN, b@2 DRAINING, c@2 DOWN]");
    assertThat(now.member("a@2").draining()).isTrue();
    assertThat(now.member("c@2").draining()).isFalse();
    assertThat(now.member("a@2").load()).isNotSameAs(before);
  }

  @Test
  void anIdThatLeavesAndComesBack_beginsReadyAndUp() {
    pool.change(edit -> edit.drain("a").down("a"));
    pool.follow(List.of(backend("b")));

    assertThat(pool.follow(List.of(backend("a"), backend("b")))).hasToString("[b UP, a UP]");
  }

  @Test
  void weights_areThoseOfTheList() {
    pool.change(edit -> edit.weight("a", 7));

    PoolSnapshot now = pool.follow(List.of(backend("a", 3), backend("b", 0)));

    assertThat(now).hasToString("[a UP, b DRAINING]");
    assertThat(now.member("a").backend().weight()).isEqualTo(3);
  }

  @Test
  void slowStart_isForNewBackendsAndNewGenerations_andNotForNewAddresses() {
    AtomicLong time = new AtomicLong();
    Pool slow = Pool.builder("pool")
        .backends(List.of(backend("a"), backend("b"), backend("c")))
        .slowStart(Duration.ofSeconds(100))
        .environment(Environment.local().withClock(time::get))
        .build();

    slow.follow(List.of(backend("a"), backend("b").withAddress("h", 1), next("c"), backend("d")));

    assertThat(shares(slow, 220)).isEqualTo(Map.of("a", 100, "b", 100, "c", 10, "d", 10));
    time.addAndGet(100_000_000_000L);
    assertThat(shares(slow, 40)).isEqualTo(Map.of("a", 10, "b", 10, "c", 10, "d", 10));
  }

  @Test
  void sessionsOfBackendsThatStay_stay() {
    StickyRouter<String> router = Routing.router(pool);
    List<String> sessions = Routing.requests(60);
    List<String> homes = sessions.stream().map(s -> Routing.id(router.route(s))).toList();

    pool.follow(List.of(backend("a").withAddress("h", 1), backend("b"), backend("d")));

    for (int i = 0; i < sessions.size(); i++) {
      Outcome outcome = homes.get(i).equals("c") ? Outcome.MOVED : Outcome.KEPT;
      assertThat(router.route(sessions.get(i)).outcome()).isEqualTo(outcome);
    }
  }

  @Test
  void withinAnEdit_aChangeIsPublishedWithWhatElseTheEditDoes() {
    PoolSnapshot before = pool.snapshot();

    PoolSnapshot now = pool.change(edit -> {
      edit.follow(List.of(backend("a"), backend("d"))).drain("d");
      assertThat(pool.snapshot()).isSameAs(before);
    });

    assertThat(now).hasToString("[a UP, d DRAINING]");
  }

  @Test
  void aFaultyList_isRefusedAsAWhole() {
    PoolSnapshot before = pool.snapshot();
    List<Backend> many =
        IntStream.rangeClosed(0, Pool.MAX_SIZE).mapToObj(i -> backend("b" + i)).toList();

    assertThatThrownBy(() -> pool.follow(List.of(backend("x"), backend("y"), next("x"))))
        .isInstanceOf(FaultException.class)
        .hasMessage("backends: x twice (expected: each id once)");
    assertThatThrownBy(() -> pool.follow(many))
        .isInstanceOf(FaultException.class)
        .hasMessage("backends: more than 10000 (expected: 0..10000)");
    assertThatThrownBy(() -> pool.follow(List.of(Routing.limited("x", 1))))
        .isInstanceOf(FaultException.class)
        .hasMessageStartingWith("maxConnections: set (expected: unset");
    assertThatNullPointerException().isThrownBy(() -> pool.follow(null));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.follow(Arrays.asList(backend("x"), null)));

    assertThat(pool.snapshot()).isSameAs(before);
  }

  @Test
  void aListThatWasRefused_leavesTheEdit() {
    PoolSnapshot before = pool.snapshot();

    PoolSnapshot now = pool.change(edit -> assertThatThrownBy(
            () -> edit.follow(List.of(backend("x"), backend("x"))))
        .isInstanceOf(FaultException.class));

    assertThat(now).isSameAs(before);
  }

  private static Backend next(String id) {
    return backend(id).withGeneration("2");
  }
}
