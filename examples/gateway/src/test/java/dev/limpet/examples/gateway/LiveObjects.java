package dev.limpet.examples.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The live objects of a JVM on this machine, which may be this one. */
final class LiveObjects {
  /*
   * While a JVM writes its histogram, all its threads stand still. So this one must not be the
   * reader of a pipe that the histogram goes through, which holds 64 KiB.
   */

  private LiveObjects() {}

  /** How many bytes they take. */
  static long bytes(long pid) throws IOException {
    List<String> lines = histogram(pid);
    String[] total = lines.get(lines.size() - 1).strip().split(" +", 3);
    if (!total[0].equals("Total")) {
      throw new IOException(String.join("\n", lines));
    }
    return Long.parseLong(total[2]);
  }

  /** How many there are of a class. */
  static long count(long pid, String type) throws IOException {
    return histogram(pid).stream()
        .map(line -> line.strip().split(" +"))
        .filter(words -> words.length > 3 && words[3].equals(type))
        .mapToLong(words -> Long.parseLong(words[1]))
        .sum();
  }

  private static List<String> histogram(long pid) throws IOException {
    Path histogram = Files.createTempFile("histogram", null);
    try {
      write(pid, histogram);
      return Files.readAllLines(histogram);
    } finally {
      Files.delete(histogram);
    }
  }

  private static void write(long pid, Path to) throws IOException {
    Process jcmd = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
            Long.toString(pid),
            "GC.class_histogram")
        .redirectErrorStream(true)
        .redirectOutput(to.toFile())
        .start();
    int unused = jcmd.onExit().join().exitValue();
  }
}
