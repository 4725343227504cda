package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Applies to a running value what differs between an old and a new value of the file. */
final class ThreeWay {
  private ThreeWay() {}

  /**
   * Returns the value that runs from now on. Null means an absent value, also for parameters.
   *
   * @param old the value in the file before
   * @param now the value in the file now
   * @param running the value that runs
   */
  static @Nullable Node merge(@Nullable Node old, @Nullable Node now, @Nullable Node running) {
    if (Nodes.same(old, now)) {
      return running;
    }
    if (Nodes.same(old, running) || now == null) {
      return now;
    }
    Map<String, Node> before = Nodes.entries(old);
    Map<String, Node> after = Nodes.entries(now);
    if (running == null) {
      return (before != null && after != null) ? null : now; // an operator has removed all of it
    }
    Map<String, Node> present = Nodes.entries(running);
    boolean isList = now instanceof SequenceNode;
    if (after == null || present == null || isList != (running instanceof SequenceNode)) {
      return now;
    }
    return Nodes.like(now, entries((before == null) ? Map.of() : before, after, present));
  }

  private static Map<String, Node> entries(
      Map<String, Node> old, Map<String, Node> now, Map<String, Node> running) {
    Map<String, Node> merged = new LinkedHashMap<>();
    for (String key : order(old, now, running)) {
      Node value = merge(old.get(key), now.get(key), running.get(key));
      if (value != null) {
        merged.put(key, value);
      }
    }
    return merged;
  }

  /** The file decides the order if it changes the order, or else what runs. */
  private static List<String> order(
      Map<String, Node> old, Map<String, Node> now, Map<String, Node> running) {
    List<String> before = new ArrayList<>(old.keySet());
    List<String> after = new ArrayList<>(now.keySet());
    before.retainAll(now.keySet());
    after.retainAll(old.keySet());
    return before.equals(after)
        ? woven(running.keySet(), now.keySet())
        : woven(now.keySet(), running.keySet());
  }

  /** Returns the keys of the first, and those of the second behind their predecessors. */
  private static List<String> woven(Set<String> first, Set<String> second) {
    List<String> woven = new ArrayList<>(first);
    Set<String> known = new LinkedHashSet<>(first);
    int behind = 0;
    for (String key : second) {
      if (known.add(key)) {
        woven.add(behind, key);
      }
      behind = woven.indexOf(key) + 1;
    }
    return woven;
  }
}
