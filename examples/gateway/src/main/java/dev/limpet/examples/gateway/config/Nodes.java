package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Compares nodes and makes changed ones. A node is never changed in place, so one that aliases
 * repeat changes only where it is addressed.
 */
final class Nodes {
  private static final Set<String> NAMES = Set.of("name", "id");

  private Nodes() {}

  /**
   * Returns whether two nodes say the same: the order of keys and the quotes of texts do not
   * matter.
   */
  static boolean same(@Nullable Node one, @Nullable Node other) {
    if (Objects.equals(one, other)) {
      return true;
    }
    if (one == null || other == null || !one.getTag().equals(other.getTag())) {
      return false;
    }
    if (one instanceof ScalarNode a && other instanceof ScalarNode b) {
      return a.getValue().equals(b.getValue())
          && (a.getTag().equals(Tag.STR) || a.isPlain() == b.isPlain());
    }
    if (one instanceof MappingNode && other instanceof MappingNode) {
      return sameEntries(entries(one), entries(other));
    }
    return one instanceof SequenceNode a
        && other instanceof SequenceNode b
        && sameItems(a.getValue(), b.getValue());
  }

  private static boolean sameEntries(
      @Nullable Map<String, Node> some, @Nullable Map<String, Node> others) {
    return some != null
        && others != null
        && some.keySet().equals(others.keySet())
        && some.entrySet().stream()
            .allMatch(entry -> same(entry.getValue(), others.get(entry.getKey())));
  }

  private static boolean sameItems(List<Node> some, List<Node> others) {
    if (some.size() != others.size()) {
      return false;
    }
    for (int i = 0; i < some.size(); i++) {
      if (!same(some.get(i), others.get(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the values of a mapping by key, or the items of a list by name or id, in order; null if
   * the node is something else, or a key is repeated.
   */
  static @Nullable Map<String, Node> entries(@Nullable Node node) {
    Map<String, Node> entries = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (!(tuple.getKeyNode() instanceof ScalarNode key)
            || entries.put(key.getValue(), tuple.getValueNode()) != null) {
          return null;
        }
      }
      return entries;
    }
    if (node instanceof SequenceNode list) {
      for (Node item : list.getValue()) {
        String name = nameOf(item);
        if (name == null || entries.put(name, item) != null) {
          return null;
        }
      }
      return entries;
    }
    return null;
  }

  /** Returns the node at a path; null if absent. */
  static @Nullable Node at(Node root, ConfigPath path) {
    Node node = root;
    for (String key : path.keys()) {
      Map<String, Node> entries = entries(node);
      node = (entries == null) ? null : entries.get(key);
    }
    return node;
  }

  /**
   * Returns a root with another value at a path.
   *
   * @param value null to remove the value
   * @throws IllegalArgumentException if the parent of the value does not exist
   */
  static Node with(Node root, ConfigPath path, @Nullable Node value) {
    return with(root, path, 0, value);
  }

  private static Node with(Node node, ConfigPath path, int depth, @Nullable Node value) {
    Map<String, Node> entries = entries(node);
    String key = path.keys().get(depth);
    boolean isLast = depth == path.keys().size() - 1;
    Node child = (entries == null) ? null : entries.get(key);
    if (entries == null || !(isLast || child != null)) {
      throw new IllegalArgumentException("path: " + path + " (expected: one that exists)");
    }
    Node changed = (isLast || child == null) ? value : with(child, path, depth + 1, value);
    if (changed == null) {
      entries.remove(key);
    } else {
      entries.put(key, changed);
    }
    return like(node, entries);
  }

  /** Returns a mapping or list like another one, with other entries. */
  static Node like(Node model, Map<String, Node> entries) {
    if (model instanceof SequenceNode list) {
      return list(list, new ArrayList<>(entries.values()));
    }
    MappingNode mapping = (MappingNode) model;
    Map<String, Node> keys = new LinkedHashMap<>();
    mapping
        .getValue()
        .forEach(
            tuple -> keys.put(((ScalarNode) tuple.getKeyNode()).getValue(), tuple.getKeyNode()));
    List<NodeTuple> tuples = new ArrayList<>();
    entries.forEach((key, value) -> tuples.add(
        new NodeTuple(keys.containsKey(key) ? keys.get(key) : text(key, mapping), value)));
    return mapping(mapping, tuples);
  }

  /**
   * Returns a list with some of its items.
   *
   * @param list a list whose items have names
   * @param names the names of the items that it keeps
   */
  static Node keep(Node list, Collection<String> names) {
    Map<String, Node> items = Objects.requireNonNull(entries(list));
    items.keySet().retainAll(Set.copyOf(names));
    return like(list, items);
  }

  /** Returns a list with one item more. */
  static Node append(SequenceNode list, Node item) {
    List<Node> items = new ArrayList<>(list.getValue());
    items.add(item);
    return list(list, items);
  }

  /**
   * Returns a mapping in which entries of another one replace those of the same keys. A null value
   * removes a key.
   *
   * @param known the keys that can be removed
   */
  static Node overlay(MappingNode mapping, MappingNode changes, List<String> known) {
    List<NodeTuple> added = new ArrayList<>(changes.getValue());
    List<NodeTuple> tuples = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      NodeTuple change = added.stream()
          .filter(one -> same(one.getKeyNode(), tuple.getKeyNode()))
          .findFirst()
          .orElse(tuple);
      tuples.add(change);
      added.remove(change);
    }
    tuples.addAll(added);
    tuples.removeIf(tuple -> tuple.getValueNode().getTag().equals(Tag.NULL)
        && tuple.getKeyNode() instanceof ScalarNode key
        && known.contains(key.getValue()));
    return mapping(mapping, tuples);
  }

  private static Node mapping(MappingNode model, List<NodeTuple> tuples) {
    return new MappingNode(
        model.getTag(),
        true,
        tuples,
        model.getStartMark(),
        model.getEndMark(),
        model.getFlowStyle());
  }

  private static Node list(SequenceNode model, List<Node> items) {
    return new SequenceNode(
        model.getTag(),
        true,
        items,
        model.getStartMark(),
        model.getEndMark(),
        model.getFlowStyle());
  }

  private static Node text(String value, Node near) {
    return new ScalarNode(
        Tag.STR, value, near.getStartMark(), near.getStartMark(), ScalarStyle.PLAIN);
  }

  private static @Nullable String nameOf(Node item) {
    if (item instanceof MappingNode mapping) {
      for (NodeTuple tuple : mapping.getValue()) {
        if (tuple.getKeyNode() instanceof ScalarNode key
            && NAMES.contains(key.getValue())
            && tuple.getValueNode() instanceof ScalarNode name) {
          return name.getValue();
        }
      }
    }
    return null;
  }
}
