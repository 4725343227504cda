package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a table is made, and what it asks of its store then. */
class SharedTableBuilderTest {
  private static final StickySession SESSION =
      StickySession.custom().withDuration(Duration.ofMinutes(5));

  private final ModelTime time = new ModelTime();
  private final Environment environment = Fleet.COMMON.withClock(time).withWallClock(time);
  private final ModelLink link = new ModelStore(time, SESSION).link();

  @Test
  void store_isOpenedOnce_withTheSessionsAndTheEnvironmentOfTheAffinity() {
    List<String> opened = new ArrayList<>();
    BindingStore store = (retention, given, listener) -> {
      assertThat(given).isSameAs(environment);
      opened.add(retention.toString());
      return link.open(retention, given, listener);
    };

    KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
        .session(SESSION)
        .environment(environment)
        .table(SharedTable.builder(store)::build)
        .build();

    assertThat(opened).containsExactly(Retention.of(SESSION).toString());
  }

  @Test
  void listenerThatIsCalledBeforeTheTableIsComplete_doesNoHarm() {
    BindingStore early = (retention, given, listener) -> {
      listener.changed(7, 2);
      listener.reconnected();
      return link.open(retention, given, listener);
    };

    SharedTable table = SharedTable.builder(early).build(SESSION, environment);

    assertThat(table.bind(7, null, "a", true)).isEqualTo(Bound.stored("a"));
    assertThat(table.lookup(7)).isEqualTo("a");
    assertThat(table.findAsync(7)).isCompletedWithValue(Bound.held("a"));
    link.hear(7, 2);
    assertThat(table.peek(7)).isNull();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 0, CompactStickyTable.MAX_CAPACITY + 1, Long.MAX_VALUE})
  void capacityOutOfRange_isRefused(long capacity) {
    assertThatThrownBy(() -> SharedTable.builder(link).capacity(capacity))
        .isInstanceOf(FaultException.class)
        .hasMessage(
            "capacity: " + capacity + " (expected: 1.." + CompactStickyTable.MAX_CAPACITY + ")");
  }

  @Test
  void aTableThatContinuesAnother_knowsItsSessionsAndTheirVersions() {
    SharedTable before = SharedTable.builder(link).build(SESSION, environment);
    before.bind(7, null, "a", true);
    before.bind(8, null, "a", true);
    before.bind(8, "a", "b", true);

    SharedTable after = SharedTable.builder(link)
        .continuing(before)
        .build(SESSION.withDuration(Duration.ofMinutes(7)), environment);

    assertThat(after.bindings()).isEqualTo(before.bindings());
    assertThat(after.lookup(7)).isEqualTo("a");
    link.hear(7, 2);
    link.hear(8, 2);
    assertThat(after.peek(7)).isNull();
    assertThat(after.peek(8)).isEqualTo("b");
    assertThat(before.peek(8)).isEqualTo("b");
  }

  @Test
  void aTableThatContinuesOneOfAnotherCapacity_isRefused() {
    SharedTable before = SharedTable.builder(link).capacity(10).build(SESSION, environment);
    SharedTableBuilder builder = SharedTable.builder(link).capacity(1000).continuing(before);

    assertThatThrownBy(() -> builder.build(SESSION, environment))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("capacity: ");
  }

  @Test
  void aTableThatContinuesOneOfAnotherClock_isRefused() {
    SharedTable before = SharedTable.builder(link).build(SESSION, environment);
    SharedTableBuilder builder = SharedTable.builder(link).continuing(before);
    Environment other = environment.withClock(() -> 0);

    assertThatThrownBy(() -> builder.build(SESSION, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("clock: ");
  }

  @Test
  void durationThatNoTableCanKeep_isRefused() {
    SharedTableBuilder builder = SharedTable.builder(link).capacity(10);

    assertThatThrownBy(() -> builder.build(SESSION.withDuration(Duration.ofDays(366)), environment))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.build(SESSION.withDuration(Duration.ZERO), environment))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void quotaThatIsAShareOfTheCapacity_isRefused_asTheStoreHasNone() {
    var builder = KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
        .table(SharedTable.builder(link).capacity(10)::build)
        .quota(Quota.ofLiveShare(0.5), KeyExtractor.number(session -> 1));

    assertThatThrownBy(builder::build).hasMessageStartingWith("liveShare: 0.5 (expected: ofLive");
  }
}
