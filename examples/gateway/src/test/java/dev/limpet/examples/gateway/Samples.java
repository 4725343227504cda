package dev.limpet.examples.gateway;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a scrape has said. */
record Samples(List<Sample> all) {
  private static final Pattern LINE = Pattern.compile("(\\w+)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** Reads the text format. */
  static Samples of(String text) {
    return new Samples(
        text.lines().filter(line -> !line.startsWith("#")).map(Samples::sample).toList());
  }

  private static Sample sample(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      throw new IllegalArgumentException(line);
    }
    Map<String, String> labels = new LinkedHashMap<>();
    Matcher label = LABEL.matcher((parts.group(2) == null) ? "" : parts.group(2));
    while (label.find()) {
      labels.put(label.group(1), label.group(2));
    }
    return new Sample(parts.group(1), labels, Double.parseDouble(parts.group(3)));
  }

  /** Returns the sum over all samples of a name that have a label. */
  double sum(String name, String label, String value) {
    return all.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> value.equals(sample.labels().get(label)))
        .mapToDouble(Sample::value)
        .sum();
  }

  double sum(String name) {
    return all.stream()
        .filter(sample -> sample.name().equals(name))
        .mapToDouble(Sample::value)
        .sum();
  }

  Set<String> names() {
    return all.stream().map(Sample::name).collect(Collectors.toSet());
  }

  Set<String> labels() {
    return all.stream()
        .map(Sample::labels)
        .map(Map::keySet)
        .flatMap(Collection::stream)
        .collect(Collectors.toSet());
  }

  Set<String> values(String label) {
    return all.stream()
        .map(sample -> sample.labels().get(label))
        .filter(value -> value != null)
        .collect(Collectors.toSet());
  }

  /** A value of a series. */
  record Sample(String name, Map<String, String> labels, double value) {}
}
