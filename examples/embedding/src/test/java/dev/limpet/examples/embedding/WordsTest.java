package dev.limpet.examples.embedding;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of documents and of Javadoc are usual ones, and the types that they name exist. */
class WordsTest {
  private static final Pattern UNUSUAL = Pattern.compile(
      "\\b(elaps(e|es|ed|ing)|retir(e|es|ed|ing)|at hand|com(e|es|ing) round|displac(e|es|ed|ing)"
          + "|leads? to|(?<!there )is none|whoever|aside|herein)\\b",
      Pattern.CASE_INSENSITIVE);
  private static final Pattern JAVADOC = Pattern.compile("/\\*\\*.*?\\*/", Pattern.DOTALL);
  private static final Pattern NO_PROSE = Pattern.compile(
      "`[^`]*`|\\{@(code|link|linkplain)[^}]*\\}|@param \\S+|<pre>.*?</pre>", Pattern.DOTALL);
  private static final Pattern CODE_SPAN = Pattern.compile("`([^`]+)`");
  private static final Pattern TYPE = Pattern.compile("([A-Z][a-z0-9]+){2,}");
  private static final Pattern DECLARED = Pattern.compile(
      "\\b(?:class|interface|enum|record|import(?: static)? [\\w.]+\\.)\\s*([A-Z]\\w+)");

  /** Types, attributes and filters of others that no source here uses. */
  private static final Set<String> OF_OTHERS = Set.of(
      "DnsAddressResolverGroup",
      "EventSource",
      "HttpOnly",
      "LoadBalancerDrainingValve",
      "LoadBalancerLifecycle",
      "ProxyConnectionPool",
      "ProxyOptions",
      "RemoteIpValve",
      "RemoveRequestHeader",
      "RemoveResponseHeader");

  @Test
  void documents_haveNoUnusualWord() {
    assertThat(MarkdownFile.all().stream()
            .flatMap(document -> unusual(document.path(), String.join("\n", document.text()))))
        .isEmpty();
  }

  @Test
  void javadoc_hasNoUnusualWord() {
    assertThat(sources()
            .filter(source -> source.toString().contains("src/main"))
            .flatMap(source -> unusual(MarkdownFile.ROOT.relativize(source), javadoc(source))))
        .isEmpty();
  }

  @Test
  void typesInDocuments_exist() {
    Set<String> known = sources()
        .flatMap(source -> found(DECLARED, text(source)))
        .collect(toCollection(HashSet::new));
    known.addAll(OF_OTHERS);
    List<String> unknown = new ArrayList<>();
    for (MarkdownFile document : MarkdownFile.all()) {
      if (!document.path().endsWith("CHANGELOG.md")) { // which names those that are gone
        found(CODE_SPAN, String.join("\n", document.text()))
            .map(code -> code.split("\\W", 2)[0])
            .filter(name -> TYPE.matcher(name).matches())
            .filter(name -> !known.contains(name) && !isOfTheLanguage(name))
            .forEach(name -> unknown.add(document + ": " + name));
      }
    }
    assertThat(unknown).isEmpty();
  }

  @Test
  void unusualWord_isFoundInProseOnly() {
    assertThat(
            unusual(Path.of("a.md"), "Time has elapsed. `elapsed` {@code aside} @param elapsed x"))
        .containsExactly("a.md: elapsed");
  }

  private static Stream<String> unusual(Path where, String text) {
    return UNUSUAL
        .matcher(NO_PROSE.matcher(text).replaceAll(""))
        .results()
        .map(MatchResult::group)
        .map(word -> where + ": " + word);
  }

  private static boolean isOfTheLanguage(String name) {
    try {
      Class.forName("java.lang." + name);
      return true;
    } catch (ClassNotFoundException other) {
      return false;
    }
  }

  /** Returns the first group of each match. */
  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(match -> match.group(1));
  }

  private static String javadoc(Path source) {
    return JAVADOC.matcher(text(source)).results().map(MatchResult::group).collect(joining("\n"));
  }

  private static Stream<Path> sources() {
    try (Stream<Path> files = Files.walk(MarkdownFile.ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path source) {
    try {
      return Files.readString(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
