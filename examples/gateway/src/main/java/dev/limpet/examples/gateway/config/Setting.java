package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A named value in the file. A value that cannot be read is reported and returned as null. */
final class Setting {
  private static final Set<Tag> TEXT = Set.of(Tag.STR, Tag.TIMESTAMP);
  private static final Set<Tag> NOT_TEXT = Set.of(Tag.INT, Tag.FLOAT, Tag.BOOL);
  private static final Pattern DECIMAL = Pattern.compile("0|-?[1-9][0-9]*");
  private static final int MAX_DIGITS = 9;

  private final String name;
  private final Node node;
  private final int line;
  private final Faults faults;
  private final boolean secret;

  Setting(String name, Node node, int line, Faults faults, boolean secret) {
    this.name = name;
    this.node = node;
    this.line = line;
    this.faults = faults;
    this.secret = secret;
  }

  int line() {
    return line;
  }

  /** Returns the value as the file spells it, prepared for a message. */
  String shown() {
    return secret ? Shown.HIDDEN : Shown.node(node);
  }

  /** Returns the value that was read; reports the rule if it is null. */
  <T> @Nullable T orRefuse(@Nullable T read, String rule) {
    return orRefuse(read, shown(), rule);
  }

  /** Returns the value that was read; reports the rule and the given text if it is null. */
  <T> @Nullable T orRefuse(@Nullable T read, String shown, String rule) {
    if (read == null) {
      faults.add(line, name, shown, rule);
    }
    return read;
  }

  /** Reads text. A number or a boolean is text only in quotes. */
  @Nullable
  String text(String rule) {
    boolean unquoted = scalar(NOT_TEXT) != null;
    return orRefuse(scalar(TEXT), unquoted ? rule + ", in quotes" : rule);
  }

  /** Reads text with its own syntax, which may look like a number. */
  @Nullable
  String form(Pattern form, String rule) {
    String number = scalar(NOT_TEXT);
    String text = (number != null) ? number : scalar(TEXT);
    return orRefuse((text != null && form.matcher(text).matches()) ? text : null, rule);
  }

  @Nullable
  Integer number(int min, int max) {
    String range = min + ".." + max;
    if (node instanceof ScalarNode scalar && !scalar.isPlain()) {
      return orRefuse(null, range + ", without quotes");
    }
    String digits = scalar(Set.of(Tag.INT));
    if (digits == null || !DECIMAL.matcher(digits).matches()) {
      return orRefuse(null, range + ", a whole number");
    }
    Integer number = (digits.length() > MAX_DIGITS) ? null : Integer.valueOf(digits);
    return orRefuse((number == null || number < min || number > max) ? null : number, range);
  }

  @Nullable
  Boolean flag() {
    String word =
        (node instanceof ScalarNode scalar && scalar.isPlain()) ? scalar(Set.of(Tag.BOOL)) : null;
    boolean known = "true".equals(word) || "false".equals(word);
    return orRefuse(known ? Boolean.valueOf(word) : null, "true or false");
  }

  /** Reads the choice whose {@code toString} is the value. */
  <T> @Nullable T choice(List<T> choices) {
    String text = scalar(TEXT);
    T chosen = null;
    for (T choice : choices) {
      if (choice.toString().equals(text)) {
        chosen = choice;
      }
    }
    return orRefuse(chosen, Shown.names(choices.stream().map(Object::toString).toList()));
  }

  <T> @Nullable T choice(T[] choices) {
    return choice(Arrays.asList(choices));
  }

  /** Reads a mapping. Reports all unknown keys. */
  @Nullable
  Section section(String... keys) {
    boolean known = node instanceof MappingNode && node.getTag().equals(Tag.MAP);
    Section section =
        known ? Section.of((MappingNode) node, line, faults, secret, List.of(keys)) : null;
    return orRefuse(section, "a mapping of [" + String.join(", ", keys) + "]");
  }

  /** Returns whether the value is {@code false}, without a fault if it is not. */
  boolean isFalse() {
    return node instanceof ScalarNode scalar
        && scalar.isPlain()
        && "false".equals(scalar(Set.of(Tag.BOOL)));
  }

  boolean isMapping() {
    return node instanceof MappingNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  static String listRule(int max, String what) {
    return "a list of 1.." + max + ' ' + what;
  }

  /** Reads a list. Returns null if the value is not a list, is empty, or has too many items. */
  @Nullable
  List<Setting> items(int max, String what) {
    String rule = listRule(max, what);
    if (!(node instanceof SequenceNode list) || !list.getTag().equals(Tag.SEQ)) {
      return orRefuse(null, rule);
    }
    int size = list.getValue().size();
    if (size == 0 || size > max) {
      return orRefuse(null, (size == 0) ? "[]" : size + " of them", rule);
    }
    List<Setting> items = new ArrayList<>(size);
    for (Node item : list.getValue()) {
      int at = item.getStartMark().getLine() + 1;
      items.add(new Setting(name + '[' + items.size() + ']', item, at, faults, secret));
    }
    return items;
  }

  /** Returns the value of a scalar of one of the kinds; null if it is something else. */
  private @Nullable String scalar(Set<Tag> kinds) {
    boolean known = node instanceof ScalarNode && kinds.contains(node.getTag());
    return known ? ((ScalarNode) node).getValue() : null;
  }
}
