package dev.limpet.core.affinity;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletionStage;

/**
 * Says which new sessions may take a place in a table, and binds them. For use by many threads at
 * once.
 */
interface Admission<R> {

  /** As {@link Affinity#admits}. */
  boolean admits(R request, long key);

  /** {@return whether a session like this one was rejected within the last duration} */
  boolean wantsHash(R request);

  /** As {@link StickyTable#bind} where no name is expected, of a session that was admitted. */
  Bound bind(long key, String candidate, boolean byHash);

  /** As {@link Affinity#bindAsync} where no name is expected, of a session that was admitted. */
  CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash);

  /** As {@link Affinity#endAdmission}. */
  void end(long key);

  /** {@return how many sessions are admitted for requests that have not been placed} */
  int pending();

  /** Remembers that sessions may come again which were rejected before this was made. */
  void remember();

  /** {@return how many were not admitted} */
  long rejected();

  /** {@return what admits all} */
  static <R> Admission<R> open(StickyTable table) {
    return new Admission<>() {
      @Override
      public boolean admits(R request, long key) {
        return true;
      }

      @Override
      public boolean wantsHash(R request) {
        return false;
      }

      @Override
      public Bound bind(long key, String candidate, boolean byHash) {
        return table.bind(key, null, candidate, byHash);
      }

      @Override
      public CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash) {
        return table.bindAsync(key, null, candidate, byHash);
      }

      @Override
      public void end(long key) {}

      @Override
      public int pending() {
        return 0;
      }

      @Override
      public void remember() {}

      @Override
      public long rejected() {
        return 0;
      }
    };
  }
}
