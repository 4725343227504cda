package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents name the version of this build. */
class VersionTest {
  private static final Pattern MAVEN = Pattern.compile(
      "<groupId>dev\\.limpet</groupId>\\s*<artifactId>[^<]+</artifactId>\\s*<version>([^<]+)<");
  private static final Pattern GRADLE = Pattern.compile("dev\\.limpet:[a-z0-9-]+:([^:\"]+)\"");
  private static final Pattern RELEASE = Pattern.compile("<version>([^<]+)</version>");
  private static final Pattern HEADING = Pattern.compile("(?m)^## (.+)$");

  @Test
  void examples_haveTheVersionOfTheBuild() {
    List<String> versions = MarkdownFile.all().stream()
        .map(VersionTest::text)
        .flatMap(VersionTest::versionsIn)
        .toList();

    assertThat(versions).hasSizeGreaterThan(5).containsOnly(version());
  }

  @Test
  void changelog_beginsWithTheVersionOfTheBuild() {
    String text = text(MarkdownFile.read(Path.of("CHANGELOG.md")));

    assertThat(first(HEADING, text)).isEqualTo(version().replace("-SNAPSHOT", ""));
  }

  @Test
  void versions_areFoundInBothNotations() {
    String maven =
        "<groupId>dev.limpet</groupId>\n<artifactId>a</artifactId>\n<version>1</version>";

    assertThat(versionsIn(maven)).containsExactly("1");
    assertThat(versionsIn("platform(\"dev.limpet:limpet-bom:2\")")).containsExactly("2");
    assertThat(versionsIn("testImplementation(\"dev.limpet:limpet-l7::tests\")"))
        .isEmpty();
  }

  private static String version() {
    return first(RELEASE, text(MarkdownFile.read(Path.of("release", "pom.xml"))));
  }

  private static String first(Pattern pattern, String text) {
    return pattern.matcher(text).results().findFirst().orElseThrow().group(1);
  }

  private static Stream<String> versionsIn(String text) {
    return Stream.of(MAVEN, GRADLE)
        .flatMap(pattern -> pattern.matcher(text).results())
        .map(result -> result.group(1));
  }

  private static String text(MarkdownFile file) {
    return String.join("\n", file.lines());
  }
}
