package dev.limpet.core.affinity;

import dev.limpet.core.Environment;
import dev.limpet.core.ForwardingTable;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.Restored;
import dev.limpet.core.table.SaveableTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An embedder's own table that can be saved. It notes what is asked of it, and answers as the test
 * says.
 */
final class OwnTable extends ForwardingTable implements SaveableTable {

  /** What was asked: a file, and the environment that was given with it. */
  record Asked(Path file, Environment environment) {}

  final List<Asked> saved = new ArrayList<>();
  final List<Asked> restored = new ArrayList<>();
  long size;
  long capacity = 100;
  Restored answer = Restored.of(0, 0, 0);

  @Nullable
  IOException failure;

  OwnTable(StickyTable table) {
    super(table);
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public void save(Path file, Environment environment) throws IOException {
    if (failure != null) {
      throw failure;
    }
    saved.add(new Asked(file, environment));
  }

  @Override
  public Restored restore(Path file, Environment environment) {
    restored.add(new Asked(file, environment));
    return answer;
  }
}
