package dev.limpet.examples.gateway.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads the paths of files that a gateway opens only when it starts. Once it runs, it does not need
 * them, so one that is gone must not stand in the way of other changes.
 *
 * @param folder the folder that the paths are relative to
 * @param areRequired whether the files must be there
 */
record StartFiles(Path folder, boolean areRequired) {

  /** Reads the path of a file. */
  @Nullable
  Path file(Setting setting) {
    return areRequired ? Values.file(setting, folder) : Values.path(setting, folder);
  }

  /** Reads the path of a folder that the gateway writes to. */
  @Nullable
  Path writableFolder(Setting setting) {
    return areRequired ? Values.folder(setting, folder) : Values.path(setting, folder);
  }
}
