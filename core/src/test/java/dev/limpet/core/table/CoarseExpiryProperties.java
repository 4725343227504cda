package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.CoarseClock;
import dev.limpet.core.CoarseClocks;
import dev.limpet.core.ManualTicker;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Bindings by a clock that is behind: none expires early, and all in time, whatever the executor
 * does.
 */
class CoarseExpiryProperties {
  private static final Duration DURATION = Duration.ofSeconds(10);
  private static final Duration MAX = Duration.ofSeconds(30);
  private static final Duration RESOLUTION = Duration.ofSeconds(1);
  private static final long LATE = MAX.dividedBy(32).plusSeconds(2).toNanos();
  private static final int LITTLE = 1_000_000;
  private static final long KEY = 42;

  @Property(tries = 200)
  void sliding(@ForAll TableKind kind, @ForAll long seed) {
    new Scene(kind, StickySession.custom().withDuration(DURATION), new Random(seed)).run();
  }

  @Property(tries = 200)
  void slidingWithAMaximum(@ForAll TableKind kind, @ForAll long seed) {
    StickySession session = StickySession.custom().withDuration(DURATION).withMaxDuration(MAX);
    new Scene(kind, session, new Random(seed)).run();
  }

  @Property(tries = 200)
  void absolute(@ForAll TableKind kind, @ForAll long seed) {
    StickySession session = StickySession.custom().withDuration(DURATION).withMode(Mode.ABSOLUTE);
    new Scene(kind, session, new Random(seed)).run();
  }

  /** One binding, used at any times while the executor ticks, or stalls now and then. */
  private static final class Scene {
    private final AtomicLong time = new AtomicLong();
    private final ManualTicker ticker = new ManualTicker();
    private final CoarseClock clock = clock(time::get);
    private final StickySession session;
    private final StickyTable table;
    private final Random random;
    private long bound;
    private long used;
    private long stalled;

    Scene(TableKind kind, StickySession session, Random random) {
      this.session = session;
      this.table = kind.of(session, 100, clock);
      this.random = random;
    }

    private CoarseClock clock(NanoClock source) {
      return CoarseClocks.of(source, ticker.executor(), RESOLUTION);
    }

    void run() {
      passTo(random.nextInt(Integer.MAX_VALUE));
      table.bind(KEY, null, "a", true);
      bound = time.get();
      used = bound;
      while (random.nextInt(20) > 0 && time.get() < end()) {
        passTo(random.nextBoolean() ? anyTimeBefore(end()) : end() - random.nextInt(LITTLE));
        look();
      }
      while (time.get() < latestEnd()) {
        passTo(latestEnd());
      }
      pass(RESOLUTION.toNanos());
      assertThat(table.peek(KEY)).as("at %s, used at %s", time, used).isNull();
    }

    private void look() {
      assertThat(table.lookup(KEY))
          .as("at %s, used at %s, bound at %s", time, used, bound)
          .isEqualTo("a");
      used = time.get();
    }

    /** {@return until when the binding must live} */
    private long end() {
      long idle = (session.mode() == Mode.SLIDING ? used : bound) + DURATION.toNanos();
      Duration max = session.maxDuration();
      return (max == null) ? idle : Math.min(idle, bound + max.toNanos());
    }

    private long latestEnd() {
      return end() + LATE + 2 * RESOLUTION.toNanos() + stalled;
    }

    private long anyTimeBefore(long end) {
      return time.get() + random.nextLong(end - time.get() + 1);
    }

    /**
     * Lets time pass with a tick in each resolution, but for stalls, and now and then one at the
     * end.
     */
    private void passTo(long moment) {
      while (time.get() < moment) {
        long step = random.nextInt((int) RESOLUTION.toNanos());
        if (random.nextInt(16) == 0) {
          step += random.nextInt((int) RESOLUTION.toNanos());
        }
        long taken = Math.min(step, moment - time.get());
        stalled += Math.max(taken - RESOLUTION.toNanos(), 0);
        time.addAndGet(taken);
        if (time.get() < moment || random.nextBoolean()) {
          ticker.tick();
        }
      }
    }

    private void pass(long nanos) {
      time.addAndGet(nanos);
      ticker.tick();
    }
  }
}
