package dev.limpet.examples.gateway.config;

import java.util.Collection;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Formats the content of a file for messages: on one line, and shortened. */
final class Shown {
  static final String HIDDEN = "hidden";

  private static final int MAX_LENGTH = 80;
  private static final int MAX_NAMES = 20;

  private Shown() {}

  static String node(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    boolean list = node instanceof SequenceNode;
    if (node instanceof CollectionNode<?> collection && collection.getValue().isEmpty()) {
      return list ? "[]" : "{}";
    }
    return list ? "a list" : "a mapping";
  }

  static String names(Collection<String> names) {
    String more = (names.size() > MAX_NAMES) ? ", …]" : "]";
    return names.stream().limit(MAX_NAMES).collect(Collectors.joining(", ", "one of [", more));
  }

  /** Escapes characters that would break or disturb the line. */
  static String printable(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> {
      if (isPrintable(c)) {
        line.appendCodePoint(c);
      } else {
        line.append(String.format("\\u%04X", c));
      }
    });
    return line.toString();
  }

  private static String scalar(ScalarNode scalar) {
    if (scalar.getTag().equals(Tag.NULL)) {
      return "null";
    }
    String value = shortened(scalar.getValue());
    String shown = (scalar.isPlain() && !value.isEmpty()) ? value : '"' + value + '"';
    return scalar.getTag().startsWith(Tag.PREFIX)
        ? shown
        : scalar.getTag().getValue() + ' ' + shown;
  }

  private static String shortened(String value) {
    if (value.length() <= MAX_LENGTH) {
      return value;
    }
    return value.substring(0, value.offsetByCodePoints(0, MAX_LENGTH / 2)) + '…';
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.UNASSIGNED -> false;
      default -> true;
    };
  }
}
