package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.StickyTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sticky table whose bindings survive a restart in a file. Embedders may implement it.
 *
 * @see CompactStickyTable
 */
public interface SaveableTable extends StickyTable {

  /** {@return how many slots are taken: by live bindings, and by some that have expired} */
  long size();

  /**
   * Saves the live bindings. May be called while the table is in use.
   *
   * @param file where to; replaced if it is there
   * @param environment the affinity's: its secret signs the file, and its wall clock dates it
   * @throws IOException if the file cannot be written
   */
  void save(Path file, Environment environment) throws IOException;

  /**
   * Restores bindings, with the time that was left to them less that which has passed by the wall
   * clock. Call this before sessions are bound.
   *
   * @param file what {@link #save} wrote with the same secret
   * @param environment the affinity's
   * @return what was restored; a file that cannot be read, or was not written so, changes nothing
   */
  Restored restore(Path file, Environment environment);

  /**
   * {@return the table itself if it can be saved}
   *
   * @param table any table
   */
  static Optional<SaveableTable> of(StickyTable table) {
    return (table instanceof SaveableTable saveable) ? Optional.of(saveable) : Optional.empty();
  }
}
