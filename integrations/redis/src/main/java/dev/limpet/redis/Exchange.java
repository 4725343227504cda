package dev.limpet.redis;

import dev.limpet.core.NanoClock;
import dev.limpet.shared.StoreAnswer;
import io.lettuce.core.api.StatefulConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** Asks Redis, as long as it makes sense to ask. */
final class Exchange {
  private static final CompletionStage<StoreAnswer> UNAVAILABLE =
      CompletableFuture.completedStage(StoreAnswer.UNAVAILABLE);

  /*
   * The breaker belongs to a table and not to the link, as deadlines do: a table that is given less
   * time than Redis needs must not keep the others from asking. It is asked last, since the call
   * that it lets through as a probe must be made.
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

  CompletionStage<StoreAnswer> ask(ScriptRequest question) {
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
    Call call = new Call(this, connection, question, clock.nanos() + deadlineNanos, ticket);
    deadlines.add(call);
    call.send();
    return call.answer();
  }

  CompletionStage<StoreAnswer> refuse(StoreFault fault) {
    counts.add(fault);
    return UNAVAILABLE;
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

  /** A call waits for Redis no longer. */
  void release() {
    inFlight.decrementAndGet();
  }

  /** {@return how many calls wait for Redis, be their deadline over or not} */
  int inFlight() {
    return inFlight.get();
  }
}
