package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Results.Kind;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The targets for the compact table's memory and its overflow, at a million sessions and more.
 *
 * @param results all results
 */
record MemoryTargets(Results results) {
  private static final int MILLION = 1_000_000;

  List<Verdict> verdicts() {
    return List.of(memory(75, 11), overflow(75), memory(90, 9.5), overflow(90));
  }

  private Verdict memory(int load, double limit) {
    OptionalDouble most = results.rows(Kind.MEMORY).stream()
        .filter(row -> row.at("table").text().equals("compact"))
        .filter(row -> row.has("load") && row.at("load").count() == load)
        .filter(row -> row.at("sessions").number() >= MILLION)
        .mapToDouble(row -> row.at("bytesPerSession").number())
        .max();
    return Verdict.atMost("", "bytes per live session at " + load + " % load", most, limit, " B");
  }

  private Verdict overflow(int load) {
    OptionalDouble most = results.rows(Kind.OVERFLOW).stream()
        .filter(row -> row.at("load").count() == load)
        .filter(row -> row.at("places").number() >= MILLION)
        .mapToDouble(
            row -> 100 * row.at("overflowed").number() / row.at("offered").number())
        .max();
    String claim = "new sessions that find no slot under churn at " + load + " % load";
    return Verdict.below("", claim, most, 1, " %");
  }
}
