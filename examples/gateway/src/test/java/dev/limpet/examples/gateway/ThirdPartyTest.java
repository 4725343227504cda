package dev.limpet.examples.gateway;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of third-party software in the gateway's jar has what is in it, with its licences. */
class ThirdPartyTest {
  private static final Path LIST = Path.of("src/main/resources/META-INF/THIRD-PARTY.md");
  private static final Path CONSOLE = Path.of("src/main/resources/console/lib/LIBRARIES.md");

  /** Made by the build, see pom.xml. */
  private static final Path LIBRARIES = Path.of("target/libraries.txt");

  private static final Pattern LIBRARY =
      Pattern.compile("(?m)^ +([^: ]+:[^: ]+):jar:(?:[^: ]+:)?([^: ]+):(?:compile|runtime)\\b");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| ([^| ]+:[^| ]+) \\| ([^| ]+) \\| .*\\[.+]\\(.+\\).* \\|$");
  private static final Pattern CONSOLE_ROW =
      Pattern.compile("(?m)^\\| ([^|: ]+) \\| (\\d[^| ]*) \\| .*\\[.+]\\(.+\\).* \\|$");
  private static final Pattern CONSOLE_LIBRARY =
      Pattern.compile("(?m)^\\| \\[.*] *\\(.*?\\) \\| ([^| ]+) \\| ([^| ]+) \\|");
  private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");

  @Test
  void list_hasTheLibrariesOfThisBuild_withTheirVersions() throws IOException {
    SortedSet<String> libraries = found(LIBRARY, LIBRARIES, ThirdPartyTest::withVersion);
    libraries.removeIf(library -> library.startsWith("dev.limpet:"));

    assertThat(libraries).anyMatch(library -> library.startsWith("io.netty:netty-buffer "));
    assertThat(found(ROW, LIST, ThirdPartyTest::withVersion)).isEqualTo(libraries);
  }

  @Test
  void list_hasTheLibrariesOfTheConsole_withTheirVersions() throws IOException {
    SortedSet<String> libraries = found(CONSOLE_LIBRARY, CONSOLE, ThirdPartyTest::withVersion);

    assertThat(libraries).anyMatch(library -> library.startsWith("preact "));
    assertThat(found(CONSOLE_ROW, LIST, ThirdPartyTest::withVersion)).isEqualTo(libraries);
  }

  @Test
  void licences_areInTheJar() throws IOException {
    SortedSet<String> texts = found(LINK, LIST, link -> link.group(1));

    assertThat(texts).hasSizeGreaterThan(5).allMatch(ThirdPartyTest::isText);
  }

  @Test
  void rows_areRead() {
    List<String> rows = List.of("| g:a | 1.0 | [MIT](m.txt) |", "| g:b | 2 | MIT |");

    assertThat(rows).filteredOn(row -> ROW.matcher(row).matches()).hasSize(1);
    assertThat("   g:a:jar:linux-x86_64:1.0:compile -- module a").containsPattern(LIBRARY);
    assertThat("   g:a:jar:1.0:test").doesNotContainPattern(LIBRARY);
  }

  private static boolean isText(String link) {
    return Files.isRegularFile(LIST.resolveSibling(link).normalize());
  }

  private static String withVersion(MatchResult match) {
    return match.group(1) + " " + match.group(2);
  }

  private static SortedSet<String> found(
      Pattern pattern, Path file, Function<MatchResult, String> text) throws IOException {
    return pattern
        .matcher(Files.readString(file))
        .results()
        .map(text)
        .collect(toCollection(TreeSet::new));
  }
}
