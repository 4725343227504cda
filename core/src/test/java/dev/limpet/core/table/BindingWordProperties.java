package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Rewritten;
import dev.limpet.core.StickySession;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class BindingWordProperties {
  private static final long FINGERPRINT = (1L << 35) - 1;

  @Property
  void aWord_keepsItsParts(
      @ForAll long mixedKey,
      @ForAll @IntRange(min = 1, max = 16_383) int slot,
      @ForAll @IntRange(max = 255) int use,
      @ForAll @IntRange(max = 127) int bind) {
    long probe = BindingWord.probe(mixedKey);
    Tick tick = tick(use, bind);
    long word = BindingWord.of(probe, slot, tick);

    assertThat(BindingWord.isBinding(word)).isTrue();
    assertThat(BindingWord.matches(word, probe)).isTrue();
    assertThat(BindingWord.slot(word)).isEqualTo(slot);
    assertThat(BindingWord.fingerprint(word)).isEqualTo(BindingWord.fingerprint(probe));
    assertThat((word & 0x7FFF)).isEqualTo(tick.stamp());
    assertThat(tick.isLive(word)).isTrue();
    assertThat(tick.isUse(word)).isFalse();
  }

  @Property
  void aUse_changesTheTickOfTheLastUseOnly(
      @ForAll long mixedKey, @ForAll @IntRange(min = 1, max = 16_383) int slot) {
    long word = BindingWord.of(BindingWord.probe(mixedKey), slot, tick(255, 127));
    long used = BindingWord.used(word, tick(7, 3));

    assertThat(used ^ word).isBetween(0L, 255L);
    assertThat(tick(7, 127 + 32).isLive(used)).isTrue();
    assertThat(tick(7, 127 + 33).isLive(used)).isFalse();
    assertThat(tick(7 + 66, 127).isLive(used)).isFalse();
  }

  @Property
  void aRebind_keepsKeyAndAge(
      @ForAll long mixedKey,
      @ForAll @IntRange(min = 1, max = 16_383) int slot,
      @ForAll @IntRange(min = 1, max = 16_383) int other) {
    long probe = BindingWord.probe(mixedKey);
    long word = BindingWord.of(probe, slot, tick(9, 5));

    assertThat(BindingWord.rebound(word, other, tick(40, 20)))
        .isEqualTo(BindingWord.of(probe, other, tick(40, 5)));
  }

  @Property(tries = 10_000)
  void aWord_matchesWhatHasItsThirtyFiveBitsAndNothingElse(
      @ForAll long one, @ForAll long another, @ForAll @IntRange(max = 63) int bit) {
    long word = BindingWord.of(BindingWord.probe(one), 1, tick(0, 0));
    assertThat(BindingWord.matches(word, BindingWord.probe(another)))
        .isEqualTo(fingerprint(one) == fingerprint(another));
    long near = one ^ 1L << bit;
    assertThat(BindingWord.matches(word, BindingWord.probe(near)))
        .isEqualTo(fingerprint(one) == fingerprint(near));
  }

  @Property
  void noKey_matchesAnEmptyPlaceOrAWall(@ForAll long mixedKey) {
    for (long key : new long[] {mixedKey, mixedKey << 35, 0}) {
      assertThat(BindingWord.matches(BindingWord.EMPTY, BindingWord.probe(key))).isFalse();
      assertThat(BindingWord.matches(BindingWord.WALL, BindingWord.probe(key))).isFalse();
    }
    assertThat(BindingWord.isBinding(BindingWord.EMPTY)).isFalse();
    assertThat(BindingWord.isBinding(BindingWord.WALL)).isFalse();
  }

  @Property(tries = 10_000)
  void aWord_livesForSixtyFiveTicksFromItsUseAndThirtyTwoFromItsBind(
      @ForAll @LongRange(max = 1L << 40) long use,
      @ForAll @LongRange(max = 1L << 40) long bind,
      @ForAll @IntRange(max = 194) int usesLater,
      @ForAll @IntRange(max = 95) int bindsLater) {
    long word = BindingWord.of(BindingWord.probe(1), 1, tick(use, bind));
    assertThat(tick(use + usesLater, bind + bindsLater).isLive(word))
        .isEqualTo(usesLater <= 65 && bindsLater <= 32);
    assertThat(tick(use + Math.min(usesLater, 65), bind).isUse(word)).isEqualTo(usesLater > 1);
    assertThat(tick(use - Math.min(usesLater, 65), bind).isUse(word)).isFalse();
  }

  /** Twelve of the 35 bits are kept, so that there is something to measure. */
  @Tag("slow")
  @Test
  void unknownKeys_areMistakenAsOftenAsTheBitsSay() throws Exception {
    double mistaken = Rewritten.nothing()
        .replacing(BindingWord.class, "mixedKey << FINGERPRINT_SHIFT", "mixedKey << 52")
        .run(Mistaken.class);
    double expected = 12.0 / (1 << 12);
    assertThat(mistaken).isBetween(0.93 * expected, 1.07 * expected);
  }

  /** How often a table that is three quarters full takes an unknown key for one of its own. */
  static final class Mistaken implements Callable<Double> {
    @Override
    public Double call() {
      CompactStickyTable table = CompactStickyTable.of(StickySession.custom(), 40_960, () -> 0);
      SplittableRandom random = new SplittableRandom(1);
      for (long tries = 2 * table.capacity(); table.size() < 0.75 * table.capacity(); tries--) {
        if (tries == 0) {
          return Double.NaN;
        }
        table.bind(random.nextLong(), null, "a", true);
      }
      int unknown = 1_000_000;
      long mistaken = LongStream.generate(random::nextLong)
          .limit(unknown)
          .filter(key -> table.peek(key) != null)
          .count();
      return (double) mistaken / unknown;
    }
  }

  private static long fingerprint(long mixedKey) {
    return Math.max(mixedKey & FINGERPRINT, 1);
  }

  private static Tick tick(long use, long bind) {
    return new Tick(use, 0, use, bind);
  }
}
