package dev.limpet.examples.gateway.config;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Settings without the quotes that JSON needs and the file does not, so that messages show a value
 * as the file has it: {@code 61m}, not {@code "61m"}.
 */
final class Unquoted {
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private Unquoted() {}

  /** Returns a node that means the same. Changes mappings and lists in place. */
  static Node of(Node node) {
    return new Unquoted().unquoted(node);
  }

  private Node unquoted(Node node) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar);
    }
    boolean isFirst = seen.add(node); // an alias may make a cycle
    if (isFirst && node instanceof MappingNode mapping) {
      List<NodeTuple> entries = mapping.getValue().stream().map(this::entry).toList();
      mapping.setValue(entries);
    } else if (isFirst && node instanceof SequenceNode list) {
      list.getValue().replaceAll(this::unquoted);
    }
    return node;
  }

  private NodeTuple entry(NodeTuple entry) {
    return new NodeTuple(unquoted(entry.getKeyNode()), unquoted(entry.getValueNode()));
  }

  private static Node scalar(ScalarNode scalar) {
    boolean isNeedless =
        !scalar.isPlain() && scalar.getTag().equals(Tag.STR) && YamlFlow.isPlain(scalar);
    return isNeedless
        ? new ScalarNode(
            Tag.STR,
            scalar.getValue(),
            scalar.getStartMark(),
            scalar.getEndMark(),
            ScalarStyle.PLAIN)
        : scalar;
  }
}
