package dev.limpet.core.table;

import dev.limpet.core.Environment;
import dev.limpet.core.StickyTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A sticky table that can save its bindings to a file, so that they survive a restart. Embedders
 * may implement it.
 *
 * @see CompactStickyTable
 */
public interface SaveableTable extends StickyTable {

  /** {@return the number of slots in use, including those of some expired bindings} */
  long size();

  /**
   * {@return the number of attempts to bind or restore a session that failed because the table has
   * room for no more names; 0, the default, if it has no such limit}
   */
  default long refusedNames() {
    return 0;
  }

  /**
   * Saves the live bindings. May be called while the table is in use.
   *
   * @param file the file to write; replaced if it exists
   * @param environment the affinity's: its secret signs the file, and its wall clock dates it
   * @throws IOException if the file cannot be written
   */
  void save(Path file, Environment environment) throws IOException;

  /**
   * Restores bindings. Each keeps the time that it had left, less the time that has passed since by
   * the wall clock. Call this before sessions are bound.
   *
   * @param file a file that {@link #save} wrote with the same secret
   * @param environment the affinity's
   * @return the result; a file that cannot be read, or was not written by {@link #save} with this
   *     secret, changes nothing
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
