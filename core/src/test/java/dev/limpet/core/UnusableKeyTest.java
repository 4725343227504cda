package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.table;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests with a key that cannot be used: here, a text that begins with an exclamation mark. */
class UnusableKeyTest {
  private static final String BAD = "!too long";
  private static final String GOOD = "alice";

  private static final KeyExtractor<String> STRICT = (text, hasher) ->
      text.startsWith("!") ? KeyExtractor.UNUSABLE : Routing.TEXT.key(text, hasher);

  private final Pool pool = pool("a", "b", "c");

  @Test
  void anExtractorThatIsNext_isNotAsked() {
    KeyExtractor<String> either = STRICT.orElse((text, hasher) -> 7);

    assertThat(either.key(BAD, Routing.HASHER)).isEqualTo(KeyExtractor.UNUSABLE);
    assertThat(either.key("", Routing.HASHER)).isEqualTo(7);
    assertThat(either.orElse((text, hasher) -> 8).key(BAD, Routing.HASHER))
        .isEqualTo(KeyExtractor.UNUSABLE);
  }

  @Test
  void anExtractorThatIsNext_mayFindItsKeyUnusable() {
    KeyExtractor<String> none = (text, hasher) -> KeyExtractor.NONE;

    assertThat(none.orElse(STRICT).key(BAD, Routing.HASHER)).isEqualTo(KeyExtractor.UNUSABLE);
  }

  @Test
  void aHash_isNeverTheResultForARequestWithoutAKey() {
    assertThat(KeyHasher.key(KeyExtractor.NONE)).isEqualTo(1);
    assertThat(KeyHasher.key(KeyExtractor.UNUSABLE)).isEqualTo(1);
    assertThat(Stream.of(1L, 2L, -2L, Long.MIN_VALUE).map(KeyHasher::key))
        .containsExactly(1L, 2L, -2L, Long.MIN_VALUE);
  }

  @Test
  void aRequestThatHasLostItsKey_bindsNothingWhenItIsRerouted() {
    StickyTable table = table(100);
    AtomicReference<String> header = new AtomicReference<>("alice");
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(
            KeyExtractor.string(request -> header.get()))
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> table)
        .build();
    StickyRouter<String> router = StickyRouter.of(pool, affinity);
    Route first = router.route("request");
    header.set("");

    Route sync = router.reroute("request", first);
    Route async = router.rerouteAsync("request", first).toCompletableFuture().join();

    assertThat(sync.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(async.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(table.bindings("a").getAsLong()
            + table.bindings("b").getAsLong()
            + table.bindings("c").getAsLong())
        .isEqualTo(1);
  }

  @Test
  void anAffinity_hasNoSessionForIt() {
    StickyTable table = table(100);
    KeyAffinity<String> affinity = affinity(table);
    table.bind(KeyExtractor.UNUSABLE, null, "a", false);

    assertThat(affinity.recall(BAD, pool.snapshot()))
        .isSameAs(Recall.none(Reason.UNUSABLE_KEY))
        .isNotSameAs(affinity.recall("", pool.snapshot()));
    assertThat(affinity.peek(BAD, pool.snapshot())).isSameAs(Recall.none(Reason.UNUSABLE_KEY));
    assertThat(affinity.key(BAD)).isEqualTo(KeyExtractor.NONE);
    assertThat(affinity.key(GOOD)).isEqualTo(Routing.key(GOOD));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRequest_takesATurnAndIsCounted(boolean async) {
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table(100)));
    Set<String> turns = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Route route = route(router, BAD, async);
      assertThat(route).hasToString("UNBOUND " + id(route) + " (UNUSABLE_KEY)");
      turns.add(id(route));
    }

    assertThat(turns).hasSize(3);
    assertThat(router.stats().count(Outcome.UNBOUND, Reason.UNUSABLE_KEY)).isEqualTo(3);
    assertThat(router.stats().count(Reason.NO_KEY)).isZero();
    assertThat(router.peek(BAD)).isSameAs(Recall.none(Reason.UNUSABLE_KEY));
    assertThat(router.unbind(BAD)).isFalse();
  }

  @Test
  void aRequestWhoseConnectFails_getsAnotherBackend() {
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table(100)));
    Route first = router.route(BAD);

    Route next = router.reroute(BAD, first);

    assertThat(next.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(id(next)).isNotEqualTo(id(first)).isNotEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aLaterAffinityOfAChain_isNotAsked(boolean async) {
    StickyTable later = table(100);
    KeyAffinity<String> address = KeyAffinity.<String>builder((text, hasher) -> 7)
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> later)
        .build();
    later.bind(7, null, "a", false);
    StickyRouter<String> router = StickyRouter.of(pool, affinity(table(100)).orElse(address));

    assertThat(route(router, "", async)).hasToString("KEPT a");
    for (int i = 0; i < 3; i++) {
      Route route = route(router, BAD, async);
      assertThat(route).hasToString("UNBOUND " + id(route) + " (UNUSABLE_KEY)");
    }
    assertThat(router.peek(BAD)).isSameAs(Recall.none(Reason.UNUSABLE_KEY));
    assertThat(later.bindings("a")).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEarlierAffinityOfAChain_keepsItsSession(boolean async) {
    StickyTable first = table(100);
    KeyAffinity<String> sure = KeyAffinity.<String>builder((text, hasher) -> 7)
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> first)
        .build();
    first.bind(7, null, "b", false);
    StickyRouter<String> router = StickyRouter.of(pool, sure.orElse(affinity(table(100))));

    assertThat(route(router, BAD, async)).hasToString("KEPT b");
  }

  @Test
  void aChainOfSharedTables_completesAtOnce() {
    LateTable late = new LateTable(table(100));
    LateTable later = new LateTable(table(100));
    StickyRouter<String> router = StickyRouter.of(pool, affinity(late).orElse(affinity(later)));

    CompletableFuture<Route> route = router.routeAsync(BAD).toCompletableFuture();

    assertThat(route).isCompletedWithValueMatching(r -> r.reason() == Reason.UNUSABLE_KEY);
    assertThat(late.waiting() + later.waiting()).isZero();
  }

  @Test
  void groupsOfAQuotaThatAreUnusable_areOneGroup() {
    KeyAffinity<String> affinity = KeyAffinity.builder(Routing.TEXT)
        .environment(Routing.ENVIRONMENT)
        .quota(Quota.ofLive(2), STRICT)
        .build();
    StickyRouter<String> router = StickyRouter.of(pool, affinity);

    List<Outcome> outcomes = Stream.of("!1", "!2", "!3", "!4", "other")
        .map(r -> router.route(r).outcome())
        .toList();

    assertThat(outcomes)
        .containsExactly(Outcome.NEW, Outcome.NEW, Outcome.HASHED, Outcome.HASHED, Outcome.NEW);
  }

  @Test
  void aBalancingKeyThatIsUnusable_countsAsNone() {
    List<Long> keys = new ArrayList<>();
    Balancer recording = new Balancer() {
      @Override
      public Picker picker(List<Backend> eligible, List<Load> loads) {
        return key -> {
          keys.add(key);
          return eligible.get(0);
        };
      }

      @Override
      public String name() {
        return "recording";
      }
    };
    Pool recorded = Pool.builder("pool")
        .balancer(recording)
        .backends(List.of(backend("a")))
        .environment(Routing.ENVIRONMENT)
        .build();
    StickyRouter<String> router = StickyRouter.<String>builder(recorded, Affinity.none())
        .balanceBy(STRICT)
        .build();

    router.route(BAD);
    router.route(GOOD);

    assertThat(keys).containsExactly(KeyExtractor.NONE, Routing.key(GOOD));
  }

  private static KeyAffinity<String> affinity(StickyTable table) {
    return KeyAffinity.builder(STRICT)
        .environment(Routing.ENVIRONMENT)
        .table((session, environment) -> table)
        .build();
  }

  private static Route route(StickyRouter<String> router, String request, boolean async) {
    return async ? router.routeAsync(request).toCompletableFuture().join() : router.route(request);
  }
}
