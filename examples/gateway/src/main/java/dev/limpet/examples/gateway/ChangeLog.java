package dev.limpet.examples.gateway;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/** The last changes of a gateway, by version, and their audit lines. For one thread at a time. */
final class ChangeLog {
  private static final int MAX = 100;

  private final Deque<Versioned> changes = new ArrayDeque<>();
  private final Deque<String> lines = new ArrayDeque<>();

  /** Adds the differences that made a version. */
  void add(long version, List<String> differences) {
    changes.addLast(new Versioned(version, differences));
    if (changes.size() > MAX) {
      changes.removeFirst();
    }
  }

  /** Adds an audit line. */
  void audit(String line) {
    lines.addFirst(line);
    if (lines.size() > MAX) {
      lines.removeLast();
    }
  }

  /** Returns what has changed since a version; empty if that is too long ago, or there was none. */
  List<String> since(long version) {
    boolean isKnown = !changes.isEmpty() && changes.getFirst().version <= version + 1;
    return isKnown
        ? changes.stream()
            .filter(change -> change.version > version)
            .map(Versioned::differences)
            .flatMap(Collection::stream)
            .toList()
        : List.of();
  }

  /** Returns the audit lines, the latest first. */
  List<String> audit() {
    return List.copyOf(lines);
  }

  private record Versioned(long version, List<String> differences) {}
}
