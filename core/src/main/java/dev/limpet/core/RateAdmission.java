package dev.limpet.core;

import dev.limpet.core.Bound.Status;
import java.util.concurrent.atomic.LongAdder;

/** Admits so many new sessions a second. */
final class RateAdmission<R> implements Admission<R> {
  private final StickyTable table;
  private final NewRate rate;
  private final ElapsedTime time;
  private final Admitted admitted = new Admitted();
  private final LongAdder rejected = new LongAdder();

  RateAdmission(StickyTable table, NewRate rate, ElapsedTime time) {
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
    if (bound.status() != Status.HASH_WANTED) {
      admitted.remove(key);
    }
    return bound;
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
