package dev.limpet.core.affinity;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletionStage;

/** Decides which new sessions may take a slot in a table, and binds them. Thread-safe. */
interface Admission<R> {

  /** Works as {@link Affinity#admits} does. */
  boolean admits(R request, long key);

  /** Returns whether a session like this one was rejected within the last duration. */
  boolean wantsHash(R request);

  /** Binds an admitted session as {@link StickyTable#bind} does when no name is expected. */
  Bound bind(long key, String candidate, boolean byHash);

  /** Binds an admitted session as {@link Affinity#bindAsync} does when no name is expected. */
  CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash);

  /** Works as {@link Affinity#endAdmission} does. */
  void end(long key);

  /**
   * {@return the number of sessions that are admitted for requests that have not been routed yet}
   */
  int pending();

  /** Remembers that sessions may return that were rejected before this object was made. */
  void remember();

  /** {@return the number of sessions that were rejected} */
  long rejected();

  /** {@return an admission that admits every session} */
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
