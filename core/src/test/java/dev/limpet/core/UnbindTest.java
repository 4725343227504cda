package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static dev.limpet.core.Routing.pool;
import static dev.limpet.core.Routing.router;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import org.junit.jupiter.api.Test;

/** Sessions that are ended. */
class UnbindTest {
  private static final String ALICE = "alice";
  private static final String BOB = "bob";

  private final Pool pool = pool("a", "b", "c");

  @Test
  void unbind_forgetsTheSessionOnce() {
    StickyRouter<String> router = router(pool);
    router.route(ALICE);

    assertThat(router.unbind(BOB)).isFalse();
    assertThat(router.unbind("")).isFalse();
    assertThat(router.unbind(ALICE)).isTrue();
    assertThat(router.unbind(ALICE)).isFalse();
    assertThat(router.route(ALICE).outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void anAffinity_unbindsFromTheBackendThatIsNamedOnly() {
    StickyTable table = Routing.table(10);
    KeyAffinity<String> affinity = Routing.affinity(table);
    long key = Routing.key(ALICE);
    table.bind(key, null, "a", true);

    assertThat(affinity.unbind(key, "b")).isFalse();
    assertThat(affinity.unbind(key, "a")).isTrue();
    assertThat(table.peek(key)).isNull();
  }

  @Test
  void unbind_forgetsASessionWhoseBackendIsGone() {
    StickyRouter<String> router = router(pool);
    String home = id(router.route(ALICE));
    pool.change(edit -> edit.remove(home));

    assertThat(router.unbind(ALICE)).isTrue();
    assertThat(router.route(ALICE)).extracting(Route::outcome).isEqualTo(Outcome.NEW);
  }
}
