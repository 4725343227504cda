package dev.limpet.examples.gateway.config;

import java.io.StringReader;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.reader.ReaderException;

/** Parses text to nodes, and never to objects. */
final class YamlText {
  static final int MAX_DEPTH = 16;
  static final int MAX_ALIASES = 100;

  private static final String UNDEFINED_ALIAS = "found undefined alias";

  private final String text;
  private final Faults faults;
  private int depth;
  private int aliases;
  private int documents;

  private YamlText(String text, Faults faults) {
    this.text = text;
    this.faults = faults;
  }

  /** Returns the first document, or null if it is absent or breaks a limit. */
  static @Nullable Node first(String text, Faults faults) {
    return new YamlText(text, faults).first();
  }

  private @Nullable Node first() {
    try {
      for (Event event : yaml().parse(new StringReader(text))) {
        if (!isWithinLimits(event)) {
          return null;
        }
      }
      return firstNode();
    } catch (MarkedYAMLException e) {
      Mark mark = (e.getProblemMark() != null) ? e.getProblemMark() : e.getContextMark();
      malformed(mark == null ? 1 : mark.getLine() + 1, problem(e));
    } catch (ReaderException e) {
      malformed(lineAt(e.getPosition()), String.format("character U+%04X", e.getCodePoint()));
    } catch (RuntimeException e) { // the parser throws more kinds than it declares
      malformed(1, "cannot be read");
    }
    return null;
  }

  private @Nullable Node firstNode() {
    Iterator<Node> nodes = yaml().composeAll(new StringReader(text)).iterator();
    return nodes.hasNext() ? nodes.next() : null;
  }

  private boolean isWithinLimits(Event event) {
    int line = event.getStartMark().getLine() + 1;
    switch (event.getEventId()) {
      case MappingStart, SequenceStart -> depth++;
      case MappingEnd, SequenceEnd -> depth--;
      case Alias -> aliases++;
      case DocumentStart -> countDocument(line);
      default -> {}
    }
    return isAtMost(MAX_DEPTH, depth, "nesting", line)
        && isAtMost(MAX_ALIASES, aliases, "aliases", line);
  }

  private boolean isAtMost(int max, int count, String what, int line) {
    if (count > max) {
      faults.add(line, what, String.valueOf(count), "0.." + max);
    }
    return count <= max;
  }

  private void countDocument(int line) {
    documents++;
    if (documents == 2) {
      faults.add(line, "document", "a second one", "one document in a file");
    }
  }

  private void malformed(int line, String problem) {
    faults.add(line, "yaml", problem, "well-formed YAML");
  }

  /**
   * Returns the problem without the excerpt of the file in the exception, which may contain a
   * secret.
   */
  private static String problem(MarkedYAMLException e) {
    String problem = (e.getProblem() == null) ? "cannot be read" : e.getProblem();
    if (problem.startsWith(UNDEFINED_ALIAS)) {
      return UNDEFINED_ALIAS;
    }
    Mark start = e.getContextMark();
    Mark end = e.getProblemMark();
    boolean far = start != null && end != null && start.getLine() != end.getLine();
    return far ? problem + ", " + e.getContext() + " from line " + (start.getLine() + 1) : problem;
  }

  private int lineAt(int position) {
    int end = text.offsetByCodePoints(0, Math.min(position, text.codePointCount(0, text.length())));
    return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(MAX_ALIASES);
    return new Yaml(options);
  }
}
