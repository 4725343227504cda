package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** One request against backends of which only some can be reached. */
class RerouteProperties {
  private static final String ALICE = "alice";

  private final List<String> tried = new ArrayList<>();

  @Property
  void aRequestTriesNoBackendTwiceAndTheBindingNamesTheOneThatAnswered(
      @ForAll @IntRange(min = 1, max = 6) int backends,
      @ForAll @Size(max = 6) Set<@IntRange(max = 5) Integer> reachable,
      @ForAll @IntRange(max = 5) int bound,
      @ForAll boolean isBound,
      @ForAll boolean isDown,
      @ForAll Failover failover) {
    Pool pool = Pool.of("pool");
    for (int i = 0; i < backends; i++) {
      Backend added = backend("b" + i, i + 1);
      pool.change(edit -> edit.add(added));
    }
    StickyTable table = Routing.table(10);
    String home = isBound ? "b" + bound % backends : null;
    if (home != null) {
      table.bind(key(ALICE), null, home, false);
      pool.change(edit -> (isDown ? edit.down(home) : edit.up(home)).up("b0"));
    }
    StickyRouter<String> router = Routing.router(pool, table, failover);

    Route last = attempt(router, reachable);

    assertThat(tried).doesNotHaveDuplicates();
    assertThat(table.peek(key(ALICE))).isEqualTo(bindingAfter(home, failover, last));
    if (last.backend() == null && last.outcome() == Outcome.NO_BACKEND) {
      assertThat(tried).containsAll(serving(pool, home));
    }
    assertThat(last.outcome() == Outcome.REFUSED)
        .isEqualTo(home != null && failover == Failover.STRICT && last.backend() == null);
  }

  private static @Nullable String bindingAfter(
      @Nullable String home, Failover failover, Route last) {
    boolean sticksToHome = home != null && failover != Failover.MOVE;
    return (sticksToHome || last.backend() == null) ? home : last.backend().id();
  }

  private static List<String> serving(Pool pool, @Nullable String home) {
    return pool.snapshot().members().stream()
        .filter(
            member -> member.acceptsNew() || (member.name().equals(home) && member.acceptsBound()))
        .map(Member::name)
        .toList();
  }

  private Route attempt(StickyRouter<String> router, Set<Integer> reachable) {
    tried.clear();
    Route route = router.route(ALICE);
    while (route.backend() != null) {
      tried.add(route.backend().id());
      if (reachable.contains(Integer.valueOf(route.backend().id().substring(1)))) {
        return route;
      }
      route = router.reroute(ALICE, route);
    }
    return route;
  }
}
