package dev.limpet.examples.gateway.config;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A mapping of known keys. */
final class Section {
  private static final int MAX_SHOWN_KEY = 32;
  private static final Set<Tag> HARMLESS = Set.of(Tag.INT, Tag.BOOL, Tag.NULL);
  private static final int MAX_HARMLESS = 10;

  private final int line;
  private final Faults faults;
  private final Map<String, Setting> settings = new HashMap<>();

  private Section(int line, Faults faults) {
    this.line = line;
    this.faults = faults;
  }

  /** Reads the keys. If a key is repeated, only its first value counts. */
  static Section of(
      MappingNode mapping, int line, Faults faults, boolean secret, List<String> keys) {
    Section section = new Section(line, faults);
    for (NodeTuple entry : mapping.getValue()) {
      section.add(entry.getKeyNode(), entry.getValueNode(), keys, secret);
    }
    return section;
  }

  /** Returns the line where the mapping begins. */
  int line() {
    return line;
  }

  /** Returns the line of a key or, if that is absent, of the mapping. */
  int line(String key) {
    Setting setting = settings.get(key);
    return (setting != null) ? setting.line() : line;
  }

  /** Returns a value as the file spells it. */
  String shown(String key) {
    Setting setting = settings.get(key);
    return (setting != null) ? setting.shown() : "absent";
  }

  boolean has(String key) {
    return settings.containsKey(key);
  }

  @Nullable
  Setting get(String key) {
    return settings.get(key);
  }

  /** Reads a setting that is required. */
  <T> @Nullable T required(String key, String rule, Function<Setting, @Nullable T> reader) {
    if (!has(key)) {
      faults.add(line, key, "absent", rule);
    }
    return optional(key, reader);
  }

  <T> @Nullable T optional(String key, Function<Setting, @Nullable T> reader) {
    Setting setting = settings.get(key);
    return (setting != null) ? reader.apply(setting) : null;
  }

  /** Reads a setting that is optional. Returns null only if it is present and faulty. */
  <T> @Nullable T optional(String key, T absent, Function<Setting, @Nullable T> reader) {
    return has(key) ? optional(key, reader) : absent;
  }

  private void add(Node key, Node value, List<String> keys, boolean secret) {
    int at = key.getStartMark().getLine() + 1;
    String name = (key instanceof ScalarNode scalar) ? scalar.getValue() : "";
    if (!keys.contains(name)) {
      faults.add(at, shownKey(key, secret), "an unknown key", Shown.names(keys));
      return;
    }
    boolean hidden = SecretReader.SECRET_KEYS.contains(name) || (secret && !isHarmless(value));
    Setting first = settings.putIfAbsent(name, new Setting(name, value, at, faults, hidden));
    if (first != null) {
      faults.add(at, name, "a second time", "once; line " + first.line() + " has it");
    }
  }

  private static boolean isHarmless(Node value) {
    return value instanceof ScalarNode scalar
        && HARMLESS.contains(scalar.getTag())
        && scalar.getValue().length() <= MAX_HARMLESS;
  }

  private static String shownKey(Node key, boolean secret) {
    if (secret) {
      return Shown.HIDDEN;
    }
    if (key instanceof ScalarNode scalar && scalar.getValue().length() > MAX_SHOWN_KEY) {
      return scalar.getValue().substring(0, MAX_SHOWN_KEY / 4) + '…';
    }
    return Shown.node(key);
  }
}
