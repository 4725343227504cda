package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import dev.limpet.shared.StoreAnswer;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends calls to Redis, unless they would be in vain. */
final class Exchange {
  private static final CompletionStage<StoreAnswer> UNAVAILABLE =
      CompletableFuture.completedStage(StoreAnswer.UNAVAILABLE);

  /*
   * The breaker and the deadlines belong to a table, not to the link: a table whose deadline is
   * shorter than Redis needs must not stop the calls of other tables. The breaker is checked last,
   * because a call that it admits as a probe must be made.
   */
  final RedisLink link;
  final BindingText text;
  final StoreCounts counts;
  final Breaker breaker;

  private final Deadlines deadlines;
  private final long deadlineNanos;
  private final int maxInFlight;
  private final NanoClock clock;
  private final AtomicInteger inFlight = new AtomicInteger();

  Exchange(RedisStore store, BindingText text, NanoClock clock) {
    this.link = store.link;
    this.text = text;
    this.counts = store.counts;
    this.breaker = new Breaker(clock);
    this.deadlines = new Deadlines(link.executor(), clock);
    this.deadlineNanos = store.deadline.toNanos();
    this.maxInFlight = store.maxInFlight;
    this.clock = clock;
  }

  CompletionStage<StoreAnswer> ask(ScriptRequest request) {
    StatefulConnection<byte[], byte[]> connection = link.connection();
    if (connection == null) {
      return refuse(StoreFault.NOT_CONNECTED);
    }
    if (!occupy()) {
      return refuse(StoreFault.TOO_MANY);
    }
    long ticket = breaker.admit();
    if (ticket == Breaker.REFUSED) {
      release();
      return refuse(StoreFault.BREAKER_OPEN);
    }
    Call call = new Call(this, connection, request, clock.nanos() + deadlineNanos, ticket);
    deadlines.add(call);
    call.send();
    return call.answer();
  }

  CompletionStage<StoreAnswer> refuse(StoreFault fault) {
    counts.add(fault);
    return UNAVAILABLE;
  }

  /** Counts a call that was answered before its deadline. */
  void countAnswered(long due) {
    counts.answered.increment();
    counts.answerNanos.add(clock.nanos() - due + deadlineNanos);
  }

  private boolean occupy() {
    int now = inFlight.get();
    while (now < maxInFlight) {
      if (inFlight.compareAndSet(now, now + 1)) {
        return true;
      }
      now = inFlight.get();
    }
    return false;
  }

  /** Notes that a call no longer waits for Redis. */
  void release() {
    inFlight.decrementAndGet();
  }

  /** {@return the number of calls that wait for Redis, including those past their deadline} */
  int inFlight() {
    return inFlight.get();
  }
}
