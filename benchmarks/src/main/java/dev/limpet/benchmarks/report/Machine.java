package dev.limpet.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import dev.limpet.benchmarks.report.Results.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a description of this machine.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Machine machine.json</pre>
 */
public final class Machine {
  private static final long GIB = 1L << 30;

  private Machine() {}

  /**
   * Writes the description.
   *
   * @param args the file to write
   */
  public static void main(String[] args) {
    Main.run(args, "FILE", 1, 1, () -> {
      Written written = new Written(Kind.MACHINE, "", Machine.class, args);
      facts().forEach((what, is) -> {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("is", is);
        written.add(row);
      });
      written.to(Path.of(args[0]));
    });
  }

  static Map<String, String> facts() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", after(Path.of("/proc/cpuinfo"), "model name", ':', system.getArch()));
    facts.put("cores", Integer.toString(system.getAvailableProcessors()));
    facts.put("memory", Math.round((double) system.getTotalMemorySize() / GIB) + " GiB");
    facts.put(
        "operating system",
        after(Path.of("/etc/os-release"), "PRETTY_NAME", '=', system.getName()) + ", kernel "
            + system.getVersion());
    facts.put("JDK", System.getProperty("java.vm.name") + ' ' + Runtime.version());
    return facts;
  }

  /**
   * Returns the value of a name in a file, without quotes; a default if the file lacks the name.
   */
  static String after(Path file, String name, char sign, String otherwise) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(sign) + 1).replace("\"", "").strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
