package dev.limpet.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints a description of this machine as a table.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Machine</pre>
 */
public final class Machine {
  private static final long GIB = 1L << 30;

  private Machine() {}

  /**
   * Prints the description.
   *
   * @param args none
   */
  public static void main(String[] args) {
    Main.run(args, "none", 0, 0, () -> System.out.print(table()));
  }

  static String table() {
    return Markdown.table(
        List.of("what", "is"),
        facts().entrySet().stream()
            .map(fact -> List.of(fact.getKey(), fact.getValue()))
            .toList());
  }

  static Map<String, String> facts() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processor());
    facts.put("cores", Integer.toString(system.getAvailableProcessors()));
    facts.put("memory", Math.round((double) system.getTotalMemorySize() / GIB) + " GiB");
    facts.put(
        "operating system",
        after(Path.of("/etc/os-release"), "PRETTY_NAME", '=', system.getName()) + ", kernel "
            + system.getVersion());
    facts.put("JDK", System.getProperty("java.vm.name") + ' ' + Runtime.version());
    return facts;
  }

  static String processor() {
    return after(Path.of("/proc/cpuinfo"), "model name", ':', System.getProperty("os.arch"));
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
