package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** {@code docs/guarantees.md} names a test that exists for each guarantee. */
class GuaranteesTest {
  private static final Pattern NAMED =
      Pattern.compile("`([A-Z]\\w*(?:Test|Properties|Contract)\\.\\w+)`");

  private final List<String> lines =
      MarkdownFile.read(Path.of("docs", "guarantees.md")).lines();

  @Test
  void everyNamedTestExists() {
    NamedTests tests = new NamedTests();
    List<String> named = lines.stream().flatMap(line -> named(line).stream()).toList();

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(named).filteredOn(test -> !tests.exists(test)).isEmpty();
    assertThat(named).filteredOn(tests::isAmbiguous).isEmpty();
  }

  @Test
  void everyGuaranteeNamesATest() {
    List<String> rows = IntStream.range(1, lines.size())
        .filter(i -> lines.get(i).startsWith("| ") && lines.get(i - 1).startsWith("|"))
        .mapToObj(lines::get)
        .toList();

    assertThat(rows).hasSizeGreaterThan(20);
    assertThat(rows).filteredOn(row -> named(row).isEmpty()).isEmpty();
  }

  private static List<String> named(String line) {
    return NAMED.matcher(line).results().map(test -> test.group(1)).toList();
  }
}
