package dev.limpet.core.affinity;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.internal.ElapsedTime;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

/**
 * Admits a limited number of sessions of each group. All requests without a group form one group.
 */
final class GroupAdmission<R> implements Admission<R> {
  private final GroupCaps groups;
  private final KeyExtractor<? super R> extractor;
  private final KeyHasher hasher;
  private final ElapsedTime time;
  private final LongAdder rejected = new LongAdder();

  GroupAdmission(
      GroupCaps groups, KeyExtractor<? super R> extractor, KeyHasher hasher, ElapsedTime time) {
    this.groups = groups;
    this.extractor = extractor;
    this.hasher = hasher;
    this.time = time;
  }

  @Override
  public boolean admits(R request, long key) {
    boolean admitted = groups.admits(extractor.key(request, hasher), key, time.nanos());
    if (!admitted) {
      rejected.increment();
    }
    return admitted;
  }

  @Override
  public boolean wantsHash(R request) {
    return groups.wantsHash(extractor.key(request, hasher), time.nanos());
  }

  @Override
  public Bound bind(long key, String candidate, boolean byHash) {
    return groups.bind(key, candidate, byHash, time.nanos());
  }

  @Override
  public CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash) {
    return groups.bindAsync(key, candidate, byHash, time.nanos());
  }

  @Override
  public void end(long key) {
    groups.end(key);
  }

  @Override
  public int pending() {
    return groups.pending();
  }

  @Override
  public void remember() {
    groups.remember(time.nanos());
  }

  @Override
  public long rejected() {
    return rejected.sum();
  }
}
