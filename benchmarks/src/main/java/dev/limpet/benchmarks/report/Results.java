package dev.limpet.benchmarks.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All measurements.
 *
 * @param jmh the results of JMH
 * @param others the files that other programs wrote: objects with a field {@code report}
 */
record Results(Selection jmh, List<JsonFile> others) {

  /** The kinds of measurements that JMH does not make. */
  enum Kind {
    MACHINE("machine"),
    MEMORY("memory"),
    OVERFLOW("overflow"),
    PEER_CHANGES("peerChanges"),
    PROXY_COST("proxyCost");

    private final String spelled;

    Kind(String spelled) {
      this.spelled = spelled;
    }

    static List<String> names() {
      return Stream.of(values()).map(Kind::toString).toList();
    }

    @Override
    public String toString() {
      return spelled;
    }
  }

  /**
   * Reads files.
   *
   * @throws BadInput if one is missing or not as expected
   */
  static Results read(List<Path> files) {
    List<Measurement> jmh = new ArrayList<>();
    List<JsonFile> others = new ArrayList<>();
    for (Path path : files) {
      JsonFile file = JsonFile.read(path);
      if (file.isArray()) {
        jmh.addAll(JmhResults.of(file));
      } else if (Kind.names().contains(file.at("report").node().asText())) {
        others.add(file);
      } else {
        throw new BadInput(
            path,
            "no results",
            "a list by JMH, or an object whose report is one of " + Kind.names());
      }
    }
    return new Results(new Selection(jmh), others);
  }

  /** Returns the files of a kind, in the order in which they were read. */
  List<JsonFile> of(Kind kind) {
    return others.stream()
        .filter(file -> file.at("report").text().equals(kind.toString()))
        .toList();
  }

  /** Returns the rows of all files of a kind. */
  List<JsonFile> rows(Kind kind) {
    return of(kind).stream().flatMap(file -> file.at("rows").items().stream()).toList();
  }
}
