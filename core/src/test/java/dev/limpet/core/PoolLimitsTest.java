package dev.limpet.core;

import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a pool refuses, and that it is then as it was. */
class PoolLimitsTest {
  private final Pool pool = pool("a", "b", "c");

  @ParameterizedTest
  @ValueSource(ints = {1, 128})
  void aNameMayBeThatLong(int length) {
    assertThat(Pool.of("n".repeat(length)).name()).hasSize(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 129})
  void aNameMayNotBeThatLong(int length) {
    String name = "n".repeat(length);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pool.of(name))
        .withMessage("name: \"" + name + "\" (expected: 1..128 characters)");
  }

  @Test
  void add_refusesAnIdTwice() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.change(edit -> edit.add(backend("a").withGeneration("2"))))
        .withMessage("backend: a (expected: an id that is not in the pool)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool("a", "a"))
        .withMessage("backends: a twice (expected: each id once)");
  }

  @Test
  void edit_namesTheIdsThatItKnows() {
    List<Consumer<PoolEdit>> uses = List.of(
        e -> e.replace(backend("web9")),
        e -> e.remove("web9"),
        e -> e.weight("web9", 2),
        e -> e.drain("web9"),
        e -> e.ready("web9"),
        e -> e.up("web9"),
        e -> e.down("web9"));

    assertThat(uses)
        .allSatisfy(use -> assertThatIllegalArgumentException()
            .isThrownBy(() -> pool.change(use))
            .withMessage("backend: web9 (expected: one of [a, b, c])"));
  }

  @Test
  void replaceAll_refusesFaultyListsAsAWhole() {
    PoolSnapshot before = pool.snapshot();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.change(edit -> edit.replaceAll(List.of())))
        .withMessage("backends: [] (expected: 1..10000 backends)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.change(edit -> edit.replaceAll(List.of(backend("x"), backend("x")))))
        .withMessage("backends: x twice (expected: each id once)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> pool.change(edit -> edit.replaceAll(backends(Pool.MAX_SIZE + 1))))
        .withMessage("backends: more than 10000 (expected: 0..10000)");
    assertThatNullPointerException().isThrownBy(() -> pool.change(edit -> edit.replaceAll(null)));
    assertThatNullPointerException()
        .isThrownBy(() -> pool.change(edit -> edit.replaceAll(Arrays.asList(backend("x"), null))));

    assertThat(pool.snapshot()).isSameAs(before);
  }

  @Test
  void replaceAll_thatWasRefusedLeavesTheEdit() {
    PoolSnapshot now = pool.change(edit -> assertThatIllegalArgumentException()
        .isThrownBy(() -> edit.replaceAll(List.of(backend("x"), backend("x")))));

    assertThat(now).hasToString("[a UP, b UP, c UP]");
  }

  @Test
  void replaceAll_isFollowedByMoreOfTheEdit() {
    PoolSnapshot now =
        pool.change(edit -> edit.replaceAll(List.of(backend("x"), backend("y"))).remove("y"));

    assertThat(now).hasToString("[x UP]");
  }

  @Test
  void maxSize_isAccepted_andNotOneMore() {
    Pool large = Pool.builder("large").backends(backends(Pool.MAX_SIZE)).build();

    assertThat(large.snapshot().members()).hasSize(Pool.MAX_SIZE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> large.change(edit -> edit.add(backend("one-more"))))
        .withMessage("backends: more than 10000 (expected: 0..10000)");
    assertThat(large.change(edit -> edit.remove("b0").add(backend("one-more"))).members())
        .hasSize(Pool.MAX_SIZE);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Pool.builder("large").backends(backends(Pool.MAX_SIZE + 1)).build());
  }

  @Test
  void nullsAreRefusedWhereTheyComeIn() {
    PoolSnapshot before = pool.snapshot();

    assertThatNullPointerException().isThrownBy(() -> Pool.of(null, backend("a")));
    assertThatNullPointerException().isThrownBy(() -> Pool.of("pool", backend("a"), null));
    assertThatNullPointerException().isThrownBy(() -> Pool.builder(null));
    assertThatNullPointerException().isThrownBy(() -> Pool.builder("pool").balancer(null));
    assertThatNullPointerException().isThrownBy(() -> Pool.builder("pool").backends(null));
    assertThatNullPointerException().isThrownBy(() -> Pool.builder("pool").environment(null));
    assertThatNullPointerException().isThrownBy(() -> pool.change(null));
    assertThatNullPointerException().isThrownBy(() -> pool.change(edit -> edit.add(null)));
    assertThatNullPointerException().isThrownBy(() -> pool.change(edit -> edit.replace(null)));
    assertThatNullPointerException().isThrownBy(() -> pool.change(edit -> edit.drain(null)));

    assertThat(pool.snapshot()).isSameAs(before);
  }

  private static List<Backend> backends(int count) {
    return IntStream.range(0, count).mapToObj(i -> backend("b" + i)).toList();
  }
}
