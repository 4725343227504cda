package dev.limpet.examples.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The live objects of another JVM on this machine. */
final class LiveObjects {
  private LiveObjects() {}

  /** How many bytes they take. */
  static long bytes(long pid) throws IOException {
    Process jcmd = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(pid),
            "GC.class_histogram")
        .redirectErrorStream(true)
        .start();
    List<String> lines = jcmd.inputReader().lines().toList();
    String[] total = lines.get(lines.size() - 1).strip().split(" +", 3);
    if (!total[0].equals("Total")) {
      throw new IOException(String.join("\n", lines));
    }
    return Long.parseLong(total[2]);
  }
}
