package dev.limpet.examples.embedding;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Tests of this project that documents name, as their class and method. */
final class NamedTests {
  private static final Path TESTS = Path.of("src", "test", "java");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w*)\\.(\\w+)");
  private static final Pattern ANNOTATION = Pattern.compile(
      "@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|Example|ArchTest)\\b");
  private static final Pattern DISABLED = Pattern.compile("@Disabled\\b");

  /** The sources by the simple names of their classes. */
  private final Map<String, List<String>> sources = new HashMap<>();

  NamedTests() {
    try (Stream<Path> files = Files.walk(MarkdownFile.ROOT)) {
      for (Path file : files.filter(NamedTests::isTest).toList()) {
        String name = file.getFileName().toString().replace(".java", "");
        sources.computeIfAbsent(name, any -> new ArrayList<>()).add(Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean exists(String test) {
    Matcher name = TEST.matcher(test);
    return name.matches()
        && sources(test).stream().anyMatch(source -> declares(source, name.group(2)));
  }

  /** Returns whether modules share the name of a test's class. */
  boolean isAmbiguous(String test) {
    return sources(test).size() > 1;
  }

  private List<String> sources(String test) {
    return sources.getOrDefault(test.replaceFirst("\\..*", ""), List.of());
  }

  private static boolean isTest(Path file) {
    return file.toString().contains(TESTS.toString()) && file.toString().endsWith(".java");
  }

  static boolean declares(String source, String test) {
    Pattern declared = Pattern.compile("\\b(void " + test + "\\(|ArchRule " + test + " =)");
    return !isDisabled(head(source))
        && Stream.of(source.split("\n\n", -1))
            .filter(member -> declared.matcher(member).find())
            .anyMatch(member -> ANNOTATION.matcher(member).find() && !isDisabled(member));
  }

  /** Returns the part of a source before the body of its class. */
  private static String head(String source) {
    return source.substring(0, source.indexOf("{\n"));
  }

  private static boolean isDisabled(String declaration) {
    return DISABLED.matcher(declaration).find();
  }
}
