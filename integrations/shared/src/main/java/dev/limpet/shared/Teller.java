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
 * Tells the store of what changes here: at once or, where it does not answer, when it answers
 * again. Thread-safe.
 */
final class Teller {
  /*
   * What could not be told is remembered by its key, and told as it is then: what is known of the
   * session here, or what it was served by. The store's answer holds, as always. Each answer of the
   * store lets two more be told, so a request that finds the store back does not wait for all of
   * them; one that fails ends that for a moment, as others would fail too. Where nobody asks, a
   * timer of the store's client tries one, and again after twice the time.
   */

  /** How many changes of a table are told at a time. */
  static final int MAX_TELLING = 256;

  /** How many changes of a table are remembered: at 135 bytes each, 9 MB. */
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
   * Tells nothing yet.
   *
   * @param life how long a session lives that is not used
   * @param most how many changes are remembered
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
   * Tells the store of a binding.
   *
   * @param kept whether this process keeps it
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

  /** Tells the store that a binding was removed here. */
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
   * Asks the store to bind a session, after what was to be told of it: what ended before ends
   * first.
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

  /** Remembers a binding that is kept here and that the store did not hear of. */
  void rememberKept(long key) {
    remember(key, Change.kept(clock.nanos()));
  }

  /** Remembers a binding that a session was served by, and that is not kept here. */
  void rememberBegun(long key, SharedBinding binding) {
    remember(key, Change.begun(binding, clock.nanos()));
  }

  /** Another proxy changed a session. */
  void outdate(long key, int version) {
    untold.outdate(key, version);
  }

  /** Keeps what the store answered. */
  void learn(long key, StoreAnswer answer) {
    SharedBinding binding = answer.binding();
    if (binding != null) {
      near.keep(key, binding, time.age(binding, answer.remainingMillis()));
      near.markSettled(key, time.renewed(binding, answer.remainingMillis()));
    }
  }

  /**
   * The store is there again. What is told because of that spares no session the telling by its
   * next use.
   */
  void reconnected() {
    reachedAt = clock.nanos();
    silentUntil = reachedAt;
    answered();
  }

  /** The store answered, whatever it was asked. */
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
   * Keeps what the store answered of a session that was not used just now, where it knows better.
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
    remembered(key, untold.add(key, change));
  }

  private void rememberAgain(long key, Change change) {
    remembered(key, untold.addAgain(key, change));
  }

  /** The next use tells too: it may come first, and what is told then is as new as that use. */
  private void remembered(long key, boolean is) {
    near.unsettle(key);
    if (is) {
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
