package dev.limpet.benchmarks.report;

import dev.limpet.benchmarks.report.Section.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The document about all results.
 *
 * @param sections its chapters
 */
record PerformanceDocument(List<Section> sections) {
  /** Where the plots are, from the document. */
  static final String FOLDER = "performance";

  private static final String BEGIN = """
      # Performance

      `benchmarks/run.sh` measures all of this and writes this file. Trust the ratios within a run more than the times,
      because the times are those of one machine.

      """;

  static PerformanceDocument of(Results results) {
    List<Section> sections = new ArrayList<>();
    sections.add(Chapters.machine(results));
    sections.add(targets(results));
    for (Question question : Question.all()) {
      sections.add(question.answer(results.jmh()));
      switch (question.benchmark()) {
        case "TableLookupBenchmark" -> sections.add(LookupRatios.section(results.jmh()));
        case "PeerBenchmark" -> sections.add(Chapters.peerChanges(results));
        default -> {}
      }
    }
    sections.add(Chapters.memory(results));
    sections.add(Chapters.overflow(results));
    sections.addAll(others(results.jmh()));
    return new PerformanceDocument(List.copyOf(sections));
  }

  String markdown() {
    return BEGIN
        + sections.stream()
            .map(section -> section.markdown(FOLDER))
            .collect(Collectors.joining("\n"));
  }

  List<Figure> figures() {
    return sections.stream().flatMap(section -> section.figures().stream()).toList();
  }

  private static Section targets(Results results) {
    List<List<String>> rows = verdicts(results).map(Verdict::cells).toList();
    return new Section(
        "Targets", Markdown.table(List.of("JDK", "claim", "measured", "result"), rows));
  }

  static Stream<Verdict> verdicts(Results results) {
    Stream<Verdict> ofJdks = jdks(results).stream().flatMap(jdk -> verdicts(results, jdk).stream());
    return Stream.concat(ofJdks, new MemoryTargets(results).verdicts().stream());
  }

  private static List<Verdict> verdicts(Results results, String jdk) {
    Selection jmh = results.jmh().with(Measurement.JDK, jdk);
    List<Verdict> verdicts = new ArrayList<>();
    verdicts.addAll(new LookupTargets(jmh, jdk).verdicts());
    verdicts.addAll(new RouteTargets(jmh, jdk).verdicts());
    verdicts.addAll(new ChangeTargets(jmh, jdk).verdicts());
    verdicts.addAll(new PeerTargets(results, jdk).verdicts());
    return verdicts;
  }

  private static List<String> jdks(Results results) {
    return results.jmh().values(Measurement.JDK);
  }

  /** Returns a chapter for each benchmark that no question is about. */
  private static List<Section> others(Selection jmh) {
    List<String> known = Question.all().stream().map(Question::benchmark).toList();
    return jmh.all().stream()
        .map(Measurement::benchmark)
        .distinct()
        .filter(benchmark -> !known.contains(benchmark))
        .map(benchmark -> Question.other(benchmark).answer(jmh))
        .toList();
  }
}
