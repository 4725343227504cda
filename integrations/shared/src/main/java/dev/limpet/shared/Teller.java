package dev.limpet.shared;

import dev.limpet.core.NanoClock;
import dev.limpet.shared.BindingStore.Bindings;
import dev.limpet.shared.Untold.Change;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports the changes of this process to the store: at once, or later if the store does not answer.
 * Thread-safe.
 */
final class Teller {
  /*
   * A change that could not be reported is remembered by its key. When it is reported, the report
   * has the binding that this process knows by then, or else the binding that the session was
   * served by. As always, the store's answer decides. Each answer of the store allows two more
   * reports, so the first request after an outage does not wait for all of them. If one of them
   * fails, the others pause for a moment, because they would probably fail too. If there are no
   * requests, a timer of the store's client tries one report, and again after twice the time.
   */

  /** The maximum number of changes of a table that are being reported at the same time. */
  static final int MAX_TELLING = 256;

  /** The maximum number of changes of a table that are remembered: at 135 bytes each, 9 MB. */
  static final int MAX_UNTOLD = 65_536;

  private static final int TOLD_PER_ANSWER = 2;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Bindings bindings;
  private final NearCache near;
  private final SharedTime time;
  private final NanoClock clock;
  private final long life;
  private final Untold untold;
  private final Semaphore telling = new Semaphore(MAX_TELLING);
  private final AtomicInteger credits = new AtomicInteger();
  private final AtomicBoolean armed = new AtomicBoolean();
  private volatile Duration pause = FIRST_PAUSE;
  private volatile long silentUntil;
  private volatile long reachedAt;

  /**
   * Starts without changes.
   *
   * @param life how long an unused session lives
   * @param most the maximum number of changes that are remembered
   */
  Teller(
      Bindings bindings,
      NearCache near,
      SharedTime time,
      NanoClock clock,
      Duration life,
      int most) {
    this.bindings = bindings;
    this.near = near;
    this.time = time;
    this.clock = clock;
    this.life = life.toNanos();
    this.untold = new Untold(most);
    this.reachedAt = clock.nanos();
    this.silentUntil = reachedAt;
  }

  /**
   * Reports a binding to the store.
   *
   * @param kept whether this process keeps the binding
   */
  void tell(long key, @Nullable SharedBinding known, SharedBinding binding, boolean kept) {
    Change change = kept ? Change.kept(clock.nanos()) : Change.begun(binding, clock.nanos());
    if (!telling.tryAcquire()) {
      remember(key, change);
      return;
    }
    bind(key, known, binding).whenComplete((answer, thrown) -> {
      telling.release();
      if (isAnswer(answer)) {
        learn(key, answer);
        answered();
      } else {
        remember(key, change);
      }
    });
  }

  /** Reports to the store that a binding was removed here. */
  void tellEnd(long key, SharedBinding known) {
    untold.take(key);
    bindings.unbind(key, known).whenComplete((answer, thrown) -> {
      if (isAnswer(answer)) {
        answered();
      } else {
        remember(key, Change.ended(known, clock.nanos()));
      }
    });
  }

  /**
   * Asks the store to bind a session, after reporting what is still to be reported of it: an end
   * that came before is reported first.
   */
  CompletionStage<StoreAnswer> bind(
      long key, @Nullable SharedBinding known, SharedBinding candidate) {
    Change before = untold.take(key);
    return after(key, before, () -> bindings.bind(key, known, candidate));
  }

  private CompletionStage<StoreAnswer> after(
      long key, @Nullable Change before, Supplier<CompletionStage<StoreAnswer>> next) {
    SharedBinding ended = (before == null) ? null : before.ended();
    if (before == null || ended == null) {
      return next.get();
    }
    return bindings.unbind(key, ended).thenCompose(gone -> {
      if (isAnswer(gone)) {
        return next.get();
      }
      rememberAgain(key, Change.ended(ended, before.at()));
      return CompletableFuture.completedStage(gone);
    });
  }

  /** Remembers a binding that is kept here and was not reported. */
  void rememberKept(long key) {
    remember(key, Change.kept(clock.nanos()));
  }

  /** Remembers a binding by which a session was served and that is not kept here. */
  void rememberBegun(long key, SharedBinding binding) {
    remember(key, Change.begun(binding, clock.nanos()));
  }

  /** Notes that another proxy changed a session. */
  void outdate(long key, int version) {
    untold.outdate(key, version);
  }

  /** Keeps the binding that the store answered. */
  void learn(long key, StoreAnswer answer) {
    SharedBinding binding = answer.binding();
    if (binding != null) {
      near.keep(key, binding, time.age(binding, answer.remainingMillis()));
      near.markSettled(key, time.renewed(binding, answer.remainingMillis()));
    }
  }

  /**
   * Notes that the store can be reached again. Reports of older changes do not spare a session the
   * report of its next use.
   */
  void reconnected() {
    reachedAt = clock.nanos();
    silentUntil = reachedAt;
    answered();
  }

  /** Notes that the store answered, whatever it was asked. */
  void answered() {
    if (untold.isEmpty() || isSilent() || credits.getAndAdd(TOLD_PER_ANSWER) > 0) {
      return;
    }
    do {
      if (!isSilent()) {
        tellOldest();
      }
    } while (credits.decrementAndGet() > 0);
  }

  private boolean isSilent() {
    return clock.nanos() - silentUntil < 0;
  }

  private void tellOldest() {
    if (!telling.tryAcquire()) {
      return;
    }
    Map.Entry<Long, Change> oldest = untold.takeOldest();
    if (oldest == null) {
      telling.release();
    } else {
      tellAgain(oldest.getKey(), oldest.getValue());
    }
  }

  private void tellAgain(long key, Change change) {
    SharedBinding known = near.known(key);
    boolean settles = known != null && change.at() - reachedAt >= 0;
    if (settles) {
      near.settle(key);
    }
    after(key, change, () -> bindAsItWas(key, known, change)).whenComplete((answer, thrown) -> {
      telling.release();
      if (!isAnswer(answer)) {
        silentUntil = clock.nanos() + FIRST_PAUSE.toNanos();
        rememberAgain(key, change);
        return;
      }
      if (known != null) {
        learnOther(key, answer, settles);
      }
      answered();
    });
  }

  private CompletionStage<StoreAnswer> bindAsItWas(
      long key, @Nullable SharedBinding known, Change change) {
    Duration age = Duration.ofNanos(clock.nanos() - change.at());
    SharedBinding present = (known != null) ? known : change.begun();
    return (present == null || age.toNanos() >= life)
        ? CompletableFuture.completedStage(StoreAnswer.ABSENT)
        : bindings.bind(key, known, present, age);
  }

  /**
   * Keeps the store's answer about a session that is not being used now, if the store has another
   * binding.
   */
  private void learnOther(long key, StoreAnswer answer, boolean settles) {
    SharedBinding now = near.known(key);
    SharedBinding binding = answer.binding();
    if (now == null || binding == null) {
      return;
    }
    if (!now.equals(binding)) {
      near.keep(key, binding, time.age(binding, answer.remainingMillis()));
    }
    if (settles) {
      near.markSettled(key, time.renewed(binding, answer.remainingMillis()));
    }
  }

  private void remember(long key, Change change) {
    retryOrCount(key, untold.add(key, change));
  }

  private void rememberAgain(long key, Change change) {
    retryOrCount(key, untold.addAgain(key, change));
  }

  /**
   * Lets the next use of the session report, too. That use may come before the remembered change is
   * reported, and its report is newer.
   */
  private void retryOrCount(long key, boolean remembered) {
    near.unsettle(key);
    if (remembered) {
      tryLater();
    } else {
      bindings.countUntold();
    }
  }

  private void tryLater() {
    if (armed.compareAndSet(false, true)) {
      bindings.later(pause, this::tryOne);
    }
  }

  private void tryOne() {
    armed.set(false);
    if (untold.isEmpty()) {
      pause = FIRST_PAUSE;
      return;
    }
    Duration twice = pause.multipliedBy(2);
    pause = (twice.compareTo(LONGEST_PAUSE) < 0) ? twice : LONGEST_PAUSE;
    tryLater();
    silentUntil = clock.nanos();
    tellOldest();
  }

  private static boolean isAnswer(@Nullable StoreAnswer answer) {
    return answer != null && answer.status() != StoreAnswer.Status.UNAVAILABLE;
  }
}
