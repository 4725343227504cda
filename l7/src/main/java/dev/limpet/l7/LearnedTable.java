package dev.limpet.l7;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The table of sessions that only responses begin. A request binds a session only if it is already
 * bound, and moves.
 */
record LearnedTable(StickyTable table) {

  /**
   * Binds a session that a request moves. If other processes share the table, it is asked for an
   * unknown session in the background, so that the next request finds it.
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    if (expected != null) {
      return table.bind(key, expected, candidate, byHash);
    }
    CompletionStage<Bound> unused = table.findAsync(key);
    return Bound.NOT_KEPT;
  }

  /** Binds as {@link #bind} does, and waits for the result of the shared table. */
  CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return (expected != null)
        ? table.bindAsync(key, expected, candidate, byHash)
        : table
            .findAsync(key)
            .thenApply(found -> found.equals(Bound.ABSENT) ? Bound.NOT_KEPT : found);
  }
}
