package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page names the versions that the build uses. */
class CompatibilityDocumentTest {
  private static final Path PAGE = Path.of("docs", "compatibility.md");
  private static final Pattern ROW = Pattern.compile("\\| ([^|]+) \\| ([^|]+) \\|");
  private static final Pattern MATRIX = Pattern.compile("java: \\[(.*)]");

  @Test
  void versionsOfFrameworks_areThoseOfTheBuild() throws IOException {
    assertThat(rows("## Versions of frameworks"))
        .isEqualTo(Map.of(
            "Caffeine", property("caffeine.version"),
            "Lettuce", property("lettuce.version"),
            "Netty", property("netty.version"),
            "Vert.x", property("vertx.version"),
            "Undertow", property("undertow.version"),
            "Jetty", property("jetty.version"),
            "Spring Boot", property("spring-boot.version"),
            "Spring Cloud", property("spring-cloud.version"),
            "Micrometer", property("micrometer.version")));
  }

  @Test
  void versionsOfJava_areThoseOfTheWorkflow() throws IOException {
    Matcher matrix = MATRIX.matcher(text(".github/workflows/build.yml"));

    assertThat(matrix.find()).isTrue();
    assertThat(rows("## Supported Java versions").keySet())
        .containsExactly(matrix.group(1).split(", "));
    assertThat(property("maven.compiler.release")).isEqualTo("17");
  }

  /** Returns the first two cells of the rows of a section's table, without its head. */
  private static Map<String, String> rows(String heading) {
    List<String> lines = MarkdownFile.read(PAGE).text();
    Map<String, String> rows = new LinkedHashMap<>();
    lines.subList(lines.indexOf(heading) + 1, lines.size()).stream()
        .takeWhile(line -> !line.startsWith("## "))
        .map(ROW::matcher)
        .filter(Matcher::matches)
        .skip(1)
        .forEach(row -> rows.put(row.group(1), row.group(2)));
    return rows;
  }

  private static String property(String name) throws IOException {
    String poms = text("pom.xml") + text("integrations/spring-cloud-gateway/pom.xml");
    List<String> values = Pattern.compile('<' + Pattern.quote(name) + ">(.*)</")
        .matcher(poms)
        .results()
        .map(found -> found.group(1))
        .toList();
    assertThat(values).as(name).hasSize(1);
    return values.get(0);
  }

  private static String text(String path) throws IOException {
    return Files.readString(MarkdownFile.ROOT.resolve(path));
  }
}
