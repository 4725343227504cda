package dev.limpet.examples.embedding;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A document of this project.
 *
 * @param path where it is, from the project's root
 * @param lines its text
 */
record MarkdownFile(Path path, List<String> lines) {
  static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();

  private static final Set<String> NO_DOCUMENTS =
      Set.of("target", "src", ".git", ".mvn", "node_modules");
  private static final String FENCE = "```";
  private static final Pattern CODE_SPAN = Pattern.compile("`[^`]*`");
  private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6} +(.*)");
  private static final Pattern WORD = Pattern.compile("\\S*[\\p{L}\\p{N}]\\S*");

  /** Returns all documents. */
  static List<MarkdownFile> all() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files
          .filter(file -> file.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .filter(MarkdownFile::isDocument)
          .sorted()
          .map(MarkdownFile::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MarkdownFile read(Path path) {
    try {
      return new MarkdownFile(path, Files.readAllLines(ROOT.resolve(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static MarkdownFile of(String... lines) {
    return new MarkdownFile(Path.of("document.md"), List.of(lines));
  }

  static boolean isDocument(Path path) {
    return Stream.iterate(path, step -> step != null, Path::getParent)
        .noneMatch(step -> NO_DOCUMENTS.contains(String.valueOf(step.getFileName())));
  }

  /** Returns the lines of each Java example, without indentation and empty lines. */
  List<List<String>> javaBlocks() {
    List<List<String>> blocks = new ArrayList<>();
    List<String> block = null;
    for (String line : lines) {
      String stripped = line.strip();
      if (block == null && stripped.startsWith(FENCE)) {
        block = new ArrayList<>();
        if (stripped.equals(FENCE + "java")) {
          blocks.add(block);
        }
      } else if (block != null && stripped.startsWith(FENCE)) {
        block = null;
      } else if (block != null && !stripped.isEmpty()) {
        block.add(stripped);
      }
    }
    if (block != null) {
      throw new IllegalStateException(path + ": a fence without an end (expected: an end)");
    }
    return blocks;
  }

  /** Returns the lines outside fences. */
  List<String> text() {
    List<String> text = new ArrayList<>();
    boolean fenced = false;
    for (String line : lines) {
      if (line.strip().startsWith(FENCE)) {
        fenced = !fenced;
      } else if (!fenced) {
        text.add(line);
      }
    }
    return text;
  }

  /** Returns the lines outside fences and tables. */
  List<String> prose() {
    return text().stream().filter(line -> !line.startsWith("|")).toList();
  }

  /** Returns how many words stand outside fences; the target of a link is no word. */
  long words() {
    return WORD.matcher(joined().replaceAll("\\]\\([^)]*\\)", "]")).results().count();
  }

  /** Returns the targets of the links, without those in code. */
  List<String> links() {
    return LINK.matcher(CODE_SPAN.matcher(joined()).replaceAll("code"))
        .results()
        .map(link -> link.group(1))
        .toList();
  }

  /** Returns the anchors of the headings, as they are made by hosts of repositories. */
  Set<String> anchors() {
    Set<String> anchors = new HashSet<>();
    for (String line : text()) {
      Matcher heading = HEADING.matcher(line);
      if (heading.matches()) {
        String anchor = anchor(heading.group(1));
        String unique = anchor;
        for (int i = 1; !anchors.add(unique); i++) {
          unique = anchor + '-' + i;
        }
      }
    }
    return anchors;
  }

  private static String anchor(String heading) {
    return LINK.matcher(heading)
        .replaceAll(link ->
            Matcher.quoteReplacement(link.group().substring(1, link.group().indexOf(']'))))
        .strip()
        .toLowerCase(Locale.ROOT)
        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
        .replace(' ', '-');
  }

  private String joined() {
    return text().stream().collect(joining("\n"));
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
