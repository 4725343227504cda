package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Member.State;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final Pool pool = pool("a", "b", "c");

  @Test
  void change_publishesAllOfAnEditAtOnce() {
    PoolSnapshot before = pool.snapshot();

    PoolSnapshot after = pool.change(edit -> {
      edit.add(backend("d")).drain("a").down("b").weight("c", 9).remove("d");
      assertThat(pool.snapshot()).isSameAs(before);
    });

    assertThat(pool.snapshot()).isSameAs(after);
    assertThat(states(before)).containsExactly("a UP", "b UP", "c UP");
    assertThat(states(after)).containsExactly("a DRAINING", "b DOWN", "c UP");
    assertThat(after.member("c").backend().weight()).isEqualTo(9);
  }

  @Test
  void change_thatThrowsLeavesThePool() {
    PoolSnapshot before = pool.snapshot();

    assertThatIllegalStateException()
        .isThrownBy(() -> pool.change(edit -> {
          edit.remove("a").add(backend("d"));
          throw new IllegalStateException("mine");
        }))
        .withMessage("mine");

    assertThat(pool.snapshot()).isSameAs(before);
    assertThat(pool.change(edit -> edit.drain("a")).member("a").draining()).isTrue();
  }

  @Test
  void change_thatChangesNothingKeepsTheSnapshot() {
    PoolSnapshot before = pool.snapshot();

    PoolSnapshot after = pool.change(edit -> edit.drain("a")
        .ready("a")
        .up("b")
        .weight("c", 1)
        .replace(backend("a"))
        .replaceAll(List.of(backend("a"), backend("b"), backend("c"))));

    assertThat(states(after)).isEqualTo(states(before));
    assertThat(pool.change(edit -> edit.up("b").weight("c", 1))).isSameAs(after);
  }

  @Test
  void change_withinAnEditOfThePoolIsRefusedAndOtherPoolsAreNot() {
    Pool other = pool("x");

    assertThatIllegalStateException()
        .isThrownBy(() -> pool.change(edit -> {
          other.change(inner -> inner.drain("x"));
          pool.change(inner -> inner.drain("a"));
        }))
        .withMessage("change: inside an edit (expected: one edit at a time)");

    assertThatIllegalStateException()
        .isThrownBy(() -> pool.change(edit -> pool.follow(List.of())))
        .withMessage("follow: inside an edit (expected: one edit at a time)");
    assertThatIllegalStateException()
        .isThrownBy(() -> pool.change(edit -> pool.report(backend("a"), false)))
        .withMessage("report: inside an edit (expected: one edit at a time)");
    assertThat(states(pool.snapshot())).containsExactly("a UP", "b UP", "c UP");
    assertThat(states(other.snapshot())).containsExactly("x DRAINING");
  }

  @Test
  void edit_isRefusedOncePublished() {
    AtomicReference<PoolEdit> kept = new AtomicReference<>();
    pool.change(kept::set);
    PoolEdit edit = kept.get();

    List<Consumer<PoolEdit>> uses = List.of(
        e -> e.add(backend("d")),
        e -> e.replace(backend("a")),
        e -> e.replaceAll(List.of(backend("a"))),
        e -> e.follow(List.of(backend("a"))),
        e -> e.remove("a"),
        e -> e.weight("a", 2),
        e -> e.drain("a"),
        e -> e.ready("a"),
        e -> e.up("a"),
        e -> e.down("a"));

    assertThat(uses)
        .allSatisfy(use -> assertThatIllegalStateException()
            .isThrownBy(() -> use.accept(edit))
            .withMessage("edit: published (expected: used only inside Pool.change)"));
  }

  @Test
  void replaceAll_keepsTheStateOfTheIdsThatStay() {
    pool.change(edit -> edit.drain("a").down("b"));

    PoolSnapshot now = pool.change(edit -> edit.replaceAll(
        List.of(backend("d"), backend("b", 7), backend("a").withAddress("10.0.0.2", 1))));

    assertThat(states(now)).containsExactly("d UP", "b DOWN", "a DRAINING");
    assertThat(now.member("a").backend().address().getHostString()).isEqualTo("10.0.0.2");
  }

  @Test
  void replace_withANewGenerationBeginsReadyAndUp() {
    pool.change(edit -> edit.drain("a").down("a"));

    PoolSnapshot now = pool.change(edit -> edit.replace(backend("a").withGeneration("2")));

    assertThat(states(now)).containsExactly("a@2 UP", "b UP", "c UP");
    assertThat(now.member("a")).isNull();
  }

  @Test
  void removingAndAddingAgainBeginsReadyAndUp() {
    pool.change(edit -> edit.drain("a").down("a"));

    PoolSnapshot now = pool.change(edit -> edit.remove("a").add(backend("a")));

    assertThat(states(now)).containsExactly("b UP", "c UP", "a UP");
  }

  @Test
  void recovery_doesNotEndADrain() {
    pool.change(edit -> edit.drain("a"));
    pool.change(edit -> edit.down("a"));
    assertThat(pool.snapshot().member("a").state()).isEqualTo(State.DOWN);

    pool.change(edit -> edit.up("a"));
    assertThat(pool.snapshot().member("a").state()).isEqualTo(State.DRAINING);

    pool.change(edit -> edit.ready("a"));
    assertThat(pool.snapshot().member("a").state()).isEqualTo(State.UP);
  }

  @Test
  void ready_doesNotEndAnOutage() {
    PoolSnapshot now = pool.change(edit -> edit.down("a").drain("a").ready("a"));

    assertThat(now.member("a").state()).isEqualTo(State.DOWN);
  }

  @Test
  void aPoolMayBeEmpty() {
    assertThat(Pool.of("empty").snapshot().members()).isEmpty();
    assertThat(pool.change(edit -> edit.remove("a").remove("b").remove("c")).members())
        .isEmpty();
  }

  @Test
  void aBalancerThatThrowsLeavesThePool() {
    Pool fragile = Routing.pool(new Fragile(), backend("a"));
    PoolSnapshot before = fragile.snapshot();

    assertThatThrownBy(() -> fragile.change(edit -> edit.add(backend("b")))).hasMessage("too many");

    assertThat(fragile.snapshot()).isSameAs(before);
  }

  @Test
  void snapshotsCannotBeModified() {
    List<Member> members = pool.snapshot().members();

    assertThatThrownBy(() -> Collections.shuffle(members))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(pool).hasToString("pool [a UP, b UP, c UP]");
  }

  private static List<String> states(PoolSnapshot pool) {
    List<String> states = new ArrayList<>();
    pool.members().forEach(member -> states.add(member.toString()));
    return states;
  }

  private static final class Fragile implements Balancer {
    @Override
    public Picker picker(List<Backend> eligible, List<Load> loads) {
      if (eligible.size() > 1) {
        throw new IllegalStateException("too many");
      }
      return key -> eligible.get(0);
    }

    @Override
    public String name() {
      return "fragile";
    }
  }
}
