package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RemainingTest {
  private static final Duration T = Duration.ofMinutes(20);
  private static final StickySession SESSION = StickySession.custom().withDuration(T);

  @Test
  void bindingsOfADrainedBackend_areCountedDownToNothing() {
    ManualClock clock = new ManualClock(0);
    for (StickyTable table : List.of(
        CompactStickyTable.of(SESSION, 100, clock), CaffeineStickyTable.of(SESSION, 100, clock))) {
      KeyAffinity<String> affinity = Routing.affinity(table);
      table.bind(1, null, "a", false);
      table.bind(2, null, "a", false);
      assertThat(affinity.remaining("a").bindings()).hasValue(2);
      assertThat(affinity.remaining("a").isNothing()).isFalse();

      clock.advance(T.dividedBy(2));
      table.lookup(2);
      Duration wait = affinity.remaining("a").longest();
      clock.advance(wait);
      assertThat(affinity.remaining("a")).isEqualTo(Remaining.NOTHING);
    }
  }

  @Test
  void wait_isTheLongestThatABindingLivesUnused() {
    Duration wait = T.plus(T.dividedBy(32)).plusSeconds(2);
    assertThat(of(1, SESSION).longest()).isEqualTo(wait);
    assertThat(of(1, SESSION.withMaxDuration(T.multipliedBy(2))).longest()).isEqualTo(wait);
    assertThat(of(1, SESSION.withDuration(T.multipliedBy(2)).withMaxDuration(T)).longest())
        .isEqualTo(wait);
    assertThat(of(1, SESSION.withMode(Mode.ABSOLUTE).withMaxDuration(T.dividedBy(2)))
            .longest())
        .isEqualTo(wait);
    assertThat(of(0, SESSION)).isEqualTo(Remaining.NOTHING);
  }

  @Test
  void tableThatDoesNotCount_leavesItUnknown() {
    assertThat(Remaining.of(OptionalLong.empty(), SESSION)).isEqualTo(Remaining.UNKNOWN);
  }

  @Test
  void affinityOfNoSessions_hasNothingLeft() {
    assertThat(Affinity.none().remaining("a")).isEqualTo(Remaining.NOTHING);
  }

  @Test
  void of_refusesWhatIsNegative() {
    assertThatIllegalArgumentException().isThrownBy(() -> Remaining.of(-1, T));
    assertThatIllegalArgumentException().isThrownBy(() -> Remaining.of(1, T.negated()));
  }

  private static Remaining of(long bindings, StickySession session) {
    return Remaining.of(OptionalLong.of(bindings), session);
  }
}
