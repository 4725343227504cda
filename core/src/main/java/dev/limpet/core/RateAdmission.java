package dev.limpet.core;

import java.util.concurrent.atomic.LongAdder;

/** Admits so many new sessions a second. */
final class RateAdmission<R> implements Admission<R> {
  private final StickyTable table;
  private final NewRate rate;
  private final ElapsedTime time;
  private final LongAdder rejected = new LongAdder();

  RateAdmission(StickyTable table, NewRate rate, ElapsedTime time) {
    this.table = table;
    this.rate = rate;
    this.time = time;
  }

  @Override
  public boolean admits(R request, long key) {
    boolean admitted = table.peek(key) != null || rate.admits(time.nanos());
    if (!admitted) {
      rejected.increment();
    }
    return admitted;
  }

  @Override
  public boolean wantsHash(R request) {
    return rate.wantsHash(time.nanos());
  }

  @Override
  public Bound bind(long key, String candidate, boolean byHash) {
    return table.bind(key, null, candidate, byHash);
  }

  @Override
  public long rejected() {
    return rejected.sum();
  }
}
