package dev.limpet.core.affinity;

import dev.limpet.core.Bound;
import dev.limpet.core.Bound.Status;
import dev.limpet.core.StickyTable;
import dev.limpet.core.internal.ElapsedTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/** Admits a limited number of new sessions per second. */
final class RateAdmission<R> implements Admission<R> {
  private final StickyTable table;
  private final NewSessionRate rate;
  private final ElapsedTime time;
  private final RecentAdmissions admitted = new RecentAdmissions();
  private final LongAdder rejected = new LongAdder();

  RateAdmission(StickyTable table, NewSessionRate rate, ElapsedTime time) {
    this.table = table;
    this.rate = rate;
    this.time = time;
  }

  @Override
  public boolean admits(R request, long key) {
    if (admitted.contains(key) || table.peek(key) != null) {
      return true;
    }
    if (!rate.admits(time.nanos())) {
      rejected.increment();
      return false;
    }
    admitted.add(key);
    return true;
  }

  @Override
  public boolean wantsHash(R request) {
    return rate.wantsHash(time.nanos());
  }

  @Override
  public Bound bind(long key, String candidate, boolean byHash) {
    if (!byHash && rate.wantsHash(time.nanos())) {
      return Bound.HASH_WANTED;
    }
    Bound bound = table.bind(key, null, candidate, byHash);
    settle(key, bound);
    return bound;
  }

  @Override
  public CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash) {
    if (!byHash && rate.wantsHash(time.nanos())) {
      return CompletableFuture.completedStage(Bound.HASH_WANTED);
    }
    return table.bindAsync(key, null, candidate, byHash).thenApply(bound -> {
      settle(key, bound);
      return bound;
    });
  }

  private void settle(long key, Bound bound) {
    if (bound.status() != Status.HASH_WANTED) {
      admitted.remove(key);
    }
  }

  @Override
  public void end(long key) {
    admitted.remove(key);
  }

  @Override
  public int pending() {
    return admitted.size();
  }

  @Override
  public void remember() {
    rate.remember(time.nanos());
  }

  @Override
  public long rejected() {
    return rejected.sum();
  }
}
