package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.backend;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Balancers that an embedder wrote, and wrote wrongly. */
class PickerMisuseTest {
  private static final String ALICE = "alice";

  private final AtomicBoolean broken = new AtomicBoolean(true);

  @Test
  void aPickerThatReturnsAForeignBackendIsRefusedAndBindsNothing() {
    StickyRouter<String> router = router(eligible -> backend("foreign"));

    assertThatIllegalStateException()
        .isThrownBy(() -> router.route(ALICE))
        .withMessage("pick: foreign (10.0.0.1:8080, weight 1) (expected: one of [a])");

    assertBindsOnceRepaired(router);
  }

  @Test
  void aPickerThatThrowsBindsNothing() {
    StickyRouter<String> router = router(eligible -> {
      throw new IllegalStateException("broken");
    });

    assertThatIllegalStateException().isThrownBy(() -> router.route(ALICE)).withMessage("broken");

    assertBindsOnceRepaired(router);
  }

  private void assertBindsOnceRepaired(StickyRouter<String> router) {
    assertThat(router.peek(ALICE)).isSameAs(Recall.none(Reason.UNKNOWN));
    assertThat(router.stats().requests()).isZero();
    broken.set(false);
    assertThat(router.route(ALICE)).hasToString("NEW a (UNKNOWN)");
  }

  @Test
  void aPickerThatReturnsADrainingMemberIsRefused() {
    Backend draining = backend("b");
    StickyRouter<String> router = router(eligible -> draining);
    router.pool().change(edit -> edit.add(draining).drain("b"));

    assertThatIllegalStateException()
        .isThrownBy(() -> router.route(ALICE))
        .withMessage("pick: b (10.0.0.1:8080, weight 1) (expected: one of [a])");
  }

  private StickyRouter<String> router(Function<List<Backend>, Backend> pick) {
    Balancer balancer = new Balancer() {
      @Override
      public Picker picker(List<Backend> eligible, List<Load> loads) {
        return key -> broken.get() ? pick.apply(eligible) : eligible.get(0);
      }

      @Override
      public String name() {
        return "mine";
      }
    };
    Pool pool = Routing.pool(balancer, backend("a"));
    return StickyRouter.<String>builder(pool, affinity(Routing.table(10)))
        .profile(Profile.OPEN)
        .build();
  }
}
