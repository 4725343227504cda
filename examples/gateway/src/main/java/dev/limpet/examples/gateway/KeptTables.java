package dev.limpet.examples.gateway;

import dev.limpet.core.Environment;
import dev.limpet.core.table.Restored;
import dev.limpet.core.table.SaveableTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The tables that are saved in a folder when the gateway stops, and restored when it starts. */
final class KeptTables {
  private final @Nullable Path folder;
  private final Environment environment;
  private final Console console;

  KeptTables(@Nullable Path folder, Environment environment, Console console) {
    this.folder = folder;
    this.environment = environment;
    this.console = console;
  }

  /** Restores a saved table, and reports the result. */
  void restore(String name, SaveableTable table) {
    Path file = file(name);
    if (file == null || Files.notExists(file)) {
      return;
    }
    Restored restored = table.restore(file, environment);
    if (restored.isRefused()) {
      console.complain("table " + name + ": not restored, " + restored.refusal());
    } else {
      console.say("table " + name + ": " + restored.bindings() + " sessions restored, "
          + restored.elapsed() + " expired, " + restored.leftOut() + " left out");
    }
  }

  /** Saves a table, and reports it. */
  void save(String name, SaveableTable table) {
    Path file = file(name);
    if (file == null) {
      return;
    }
    try {
      table.save(file, environment);
      console.say("table " + name + ": saved");
    } catch (IOException e) {
      console.complain("table " + name + ": not saved, " + e);
    }
  }

  /** Deletes a saved table, because its sessions have ended since. */
  void forget(String name) {
    Path file = file(name);
    try {
      if (file != null && Files.deleteIfExists(file)) {
        console.say("table " + name + ": deleted, as its sessions have ended");
      }
    } catch (IOException e) {
      console.complain("table " + name + ": not deleted, " + e);
    }
  }

  private @Nullable Path file(String name) {
    return (folder == null) ? null : folder.resolve(name + ".table");
  }
}
