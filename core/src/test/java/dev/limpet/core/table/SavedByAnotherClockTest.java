package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.CoarseClocks;
import dev.limpet.core.Environment;
import dev.limpet.core.ManualTicker;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that is saved by a coarse clock and restored by an exact one, or the other way round. */
class SavedByAnotherClockTest {
  private static final StickySession SESSION = StickySession.custom();
  private static final Duration T = SESSION.duration();
  private static final Duration RESOLUTION = Duration.ofSeconds(1);

  @TempDir
  private Path folder;

  private final AtomicLong time = new AtomicLong();
  private final ManualTicker ticker = new ManualTicker();
  private final NanoClock coarse = CoarseClocks.of(time::get, ticker.executor(), RESOLUTION);
  private final Environment environment =
      Environment.local().withWallClock(() -> Instant.EPOCH.plusNanos(time.get()));

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itsSessionsExpireInTime_andNotEarly(boolean savedByCoarse) throws IOException {
    Path file = folder.resolve("table");
    CompactStickyTable saved = table(savedByCoarse ? coarse : time::get);
    saved.bind(1, null, "a", true);
    pass(T.dividedBy(2));
    saved.save(file, environment);

    CompactStickyTable restored = table(savedByCoarse ? time::get : coarse);
    assertThat(restored.restore(file, environment)).isEqualTo(Restored.of(1, 0, 0));

    pass(T.dividedBy(2).minusNanos(1));
    assertThat(restored.peek(1)).isEqualTo("a");
    pass(T.dividedBy(16).plus(RESOLUTION.multipliedBy(4)));
    assertThat(restored.peek(1)).isNull();
  }

  private static CompactStickyTable table(NanoClock clock) {
    return CompactStickyTable.of(SESSION, 100, clock);
  }

  private void pass(Duration duration) {
    long end = time.get() + duration.toNanos();
    while (time.get() < end) {
      time.set(Math.min(time.get() + RESOLUTION.toNanos() / 4, end));
      ticker.tick();
    }
  }
}
