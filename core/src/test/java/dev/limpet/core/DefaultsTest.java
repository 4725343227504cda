package dev.limpet.core;

import static dev.limpet.core.Routing.affinity;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an embedder's affinity or table does that implements no more than it must. */
class DefaultsTest {
  private static final String ALICE = "alice";

  private final StickyTable table = new Plain(Routing.table(10));

  @Test
  void aTable_bindsAtOnce() {
    assertThat(table.bindAsync(1, null, "a", true)).isCompletedWithValue(Bound.stored("a"));
    assertThat(table.bindAsync(1, null, "b", true)).isCompletedWithValue(Bound.held("a"));
    assertThat(table.bindAsync(1, "a", "b", true)).isCompletedWithValue(Bound.stored("b"));
    assertThat(table.bindAsync(2, "a", "b", true)).isCompletedWithValue(Bound.ABSENT);
    assertThat(table.peek(1)).isEqualTo("b");
    assertThat(table.peek(2)).isNull();
  }

  @Test
  void aTable_findsWhatIsHere_andBindsNothing() {
    assertThat(table.findAsync(1)).isCompletedWithValue(Bound.ABSENT);
    assertThat(table.peek(1)).isNull();

    table.bind(1, null, "a", true);

    assertThat(table.findAsync(1)).isCompletedWithValue(Bound.held("a"));
  }

  @Test
  void aTable_countsNothingAndKnowsNoCapacity() {
    assertThat(table.capacity()).isZero();
    assertThat(table.bindings("a")).isEmpty();
    assertThat(table.bindings()).isNull();
  }

  @Test
  void anAffinity_bindsAtOnce() {
    Affinity<String> mine = new ForwardingAffinity<>(affinity(table)) {};

    assertThat(mine.bindAsync(key(ALICE), null, "a", true)).isCompletedWithValue(Bound.stored("a"));
    assertThat(mine.bindAsync(key(ALICE), null, "b", true)).isCompletedWithValue(Bound.held("a"));
    assertThat(table.peek(key(ALICE))).isEqualTo("a");
  }

  @Test
  void anAffinity_admitsAllAndLearnsNothing() {
    Affinity<String> mine = new ForwardingAffinity<>(affinity(table)) {};

    assertThat(mine.admits(ALICE, key(ALICE))).isTrue();
    assertThat(mine.learns()).isFalse();
    assertThat(mine.remaining("a")).isEqualTo(Remaining.UNKNOWN);
    assertThat(mine.environment()).isNull();
  }

  /** The affinity of no sessions never asks anybody. */
  @Test
  void noAffinity_bindsNothing() {
    assertThat(Affinity.none().bindAsync(1, null, "a", true))
        .isCompletedWithValueMatching(bound -> bound.name() == null);
  }

  /** Implements what has no default. */
  private record Plain(StickyTable other) implements StickyTable {
    @Override
    public @Nullable String lookup(long key) {
      return other.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      return other.peek(key);
    }

    @Override
    public boolean wantsHash(long key) {
      return other.wantsHash(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return other.bind(key, expected, candidate, byHash);
    }

    @Override
    public boolean unbind(long key, String expected) {
      return other.unbind(key, expected);
    }
  }
}
