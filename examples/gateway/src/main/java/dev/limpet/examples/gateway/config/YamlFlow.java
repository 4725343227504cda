package dev.limpet.examples.gateway.config;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Writes nodes as YAML on one line, with quotes only where they are needed. */
final class YamlFlow {
  private YamlFlow() {}

  /** Returns a text that means the same as the node. Call this only for sound configurations. */
  static String text(Node node) {
    if (node instanceof MappingNode mapping) {
      return mapping.getValue().stream()
          .map(entry -> text(entry.getKeyNode()) + ": " + text(entry.getValueNode()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream()
          .map(YamlFlow::text)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    ScalarNode scalar = (ScalarNode) node;
    return isPlain(scalar) ? scalar.getValue() : quoted(scalar.getValue());
  }

  /** Returns a mapping of texts. */
  static String text(Map<String, String> entries) {
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + text(entry.getValue()))
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String text(String value) {
    ScalarNode read = plain(value);
    return (read != null && read.getValue().equals(value)) ? value : quoted(value);
  }

  /**
   * Returns whether a scalar can be written without quotes, in a block and on a line with others.
   */
  static boolean isPlain(ScalarNode scalar) {
    ScalarNode read = plain(scalar.getValue());
    return read != null
        && read.getTag().equals(scalar.getTag())
        && read.getValue().equals(scalar.getValue());
  }

  private static @Nullable ScalarNode plain(String value) {
    Node read = YamlText.first('[' + value + ']', new Faults(null));
    List<Node> items = (read instanceof SequenceNode list) ? list.getValue() : List.of();
    return (items.size() == 1 && items.get(0) instanceof ScalarNode only && only.isPlain())
        ? only
        : null;
  }

  /** Returns a text in double quotes. */
  static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    value.codePoints().forEach(c -> {
      if (c == '"' || c == '\\') {
        text.append('\\').appendCodePoint(c);
      } else if (Shown.isPrintable(c)) {
        text.appendCodePoint(c);
      } else {
        text.append(String.format("\\U%08X", c));
      }
    });
    return text.append('"').toString();
  }
}
