package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private long nanos = Long.MAX_VALUE - 5;
  private final Timers timers = new Timers();
  private final Deadlines deadlines = new Deadlines(timers, () -> nanos);

  /** Runs what it is given when the test says so. */
  private static final class Timers extends ScheduledThreadPoolExecutor {
    private final Queue<Runnable> set = new ArrayDeque<>();
    private final List<Long> delays = new ArrayList<>();
    private boolean refuses;

    Timers() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      if (refuses) {
        throw new RejectedExecutionException();
      }
      set.add(command);
      delays.add(unit.toNanos(delay));
      return null;
    }
  }

  private static final class Timed implements Deadlines.Timed {
    private final long due;
    private boolean over;
    private int expiries;

    Timed(long due) {
      this.due = due;
    }

    @Override
    public long due() {
      return due;
    }

    @Override
    public boolean isOver() {
      return over;
    }

    @Override
    public void expire() {
      if (!over) {
        over = true;
        expiries++;
      }
    }
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void callsEndWhenTheyAreDue_byOneTimerAtATime() {
    Timed first = new Timed(nanos + 20);
    Timed second = new Timed(nanos + 30);
    deadlines.add(first);
    deadlines.add(second);
    assertThat(timers.delays).containsExactly(20L);

    nanos += 20;
    timers.set.remove().run();
    assertThat(first.expiries).isEqualTo(1);
    assertThat(second.expiries).isZero();
    assertThat(timers.delays).containsExactly(20L, 10L);

    nanos += 10;
    timers.set.remove().run();
    assertThat(second.expiries).isEqualTo(1);
    assertThat(timers.set).isEmpty();
  }

  @Test
  void aTimerThatIsEarlyIsSetAgain() {
    Timed call = new Timed(nanos + 20);
    deadlines.add(call);
    nanos += 19;
    timers.set.remove().run();

    assertThat(call.expiries).isZero();
    assertThat(timers.delays).containsExactly(20L, 1L);
  }

  @Test
  void callsThatAreOverNeedNoTimer() {
    Timed call = new Timed(nanos + 20);
    deadlines.add(call);
    call.over = true;
    timers.set.remove().run();
    assertThat(timers.set).isEmpty();

    deadlines.add(new Timed(nanos + 30));
    assertThat(timers.set).hasSize(1);
  }

  @Test
  void withoutATimerCallsEndAtOnce() {
    timers.refuses = true;
    Timed call = new Timed(nanos + 20);
    deadlines.add(call);
    assertThat(call.expiries).isEqualTo(1);
  }
}
