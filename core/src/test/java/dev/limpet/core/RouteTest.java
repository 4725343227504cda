package dev.limpet.core;

import static dev.limpet.core.Routing.HASHER;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final String SECRET = "secret-session-id";

  private final Pool pool = pool("a", "b");
  private final StickyRouter<String> router = router(pool);

  @Test
  void toString_saysWhatHappenedAndNothingOfTheSession() {
    Route first = router.route(SECRET);
    Route rerouted = router.reroute(SECRET, first);
    Route none = router.reroute(SECRET, rerouted);
    Route kept = router.route(SECRET);

    List<Object> shown =
        List.of(first, rerouted, none, kept, router.peek(SECRET), router.stats(), HASHER, pool);
    assertThat(shown)
        .allSatisfy(value -> assertThat(value)
            .asString()
            .doesNotContain(SECRET, Long.toString(key(SECRET)), Long.toHexString(key(SECRET))));
    assertThat(none).hasToString("NO_BACKEND (CONNECT_FAILED)");
  }

  @Test
  void failed_leadsBackToTheFirstRoute() {
    Route first = router.route(SECRET);
    Route second = router.reroute(SECRET, first);
    Route none = router.reroute(SECRET, second);

    assertThat(none.failed()).isSameAs(second);
    assertThat(second.failed()).isSameAs(first);
    assertThat(first.failed()).isNull();
    assertThat(none.leadsTo("a")).isTrue();
    assertThat(none.leadsTo("b")).isTrue();
    assertThat(first.leadsTo(Routing.id(second))).isFalse();
  }

  @Test
  void backend_isNullExactlyIfNothingServes() {
    pool.change(edit -> edit.down("a").down("b"));

    assertThat(router.route(SECRET).outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(router.route(SECRET).backend()).isNull();
  }

  @Test
  void movedFrom_isTheBackendThatASessionLeft() {
    Pool pool = pool("a", "b");
    StickyRouter<String> router = router(pool);
    Route begun = router.route("alice");
    Route kept = router.route("alice");
    pool.change(edit -> edit.down(id(kept)));
    Route moved = router.route("alice");

    assertThat(begun.movedFrom()).isNull();
    assertThat(kept.movedFrom()).isNull();
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.movedFrom()).isEqualTo(id(kept));
  }

  @Test
  void movedFrom_isTheBackendThatCouldNotBeReached() {
    StickyRouter<String> router = router(pool("a", "b"));
    router.route("alice");
    Route kept = router.route("alice");

    Route moved = router.reroute("alice", kept);

    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(moved.movedFrom()).isEqualTo(id(kept));
  }
}
