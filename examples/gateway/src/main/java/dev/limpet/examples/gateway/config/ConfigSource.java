package dev.limpet.examples.gateway.config;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A configuration without faults, and the text that it was read from.
 *
 * @param text the text; contains secrets
 * @param document what it says
 * @param config what it means
 */
public record ConfigSource(String text, ConfigDocument document, GatewayConfig config) {

  /** Returns the same, but no tables are saved. */
  public ConfigSource withoutTables() {
    return new ConfigSource(text, document, config.withoutTables());
  }

  /**
   * Returns this text with other scalars, so that it means what a changed document means. Comments,
   * order, quotes and every other character stay. Null if other changes are needed, or a scalar
   * is on several lines or has an anchor.
   *
   * @param wanted the changed document
   * @param meaning what the changed document means
   */
  public @Nullable ConfigSource rewritten(ConfigDocument wanted, GatewayConfig meaning) {
    Map<Integer, Replacement> replacements = new TreeMap<>();
    if (!collect(document.root(), wanted.root(), replacements)) {
      return null;
    }
    StringBuilder changed = new StringBuilder();
    int copied = 0;
    for (Replacement replacement : replacements.values()) {
      changed.append(text, copied, replacement.start).append(replacement.text);
      copied = replacement.end;
    }
    changed.append(text, copied, text.length());
    ConfigSource source =
        ConfigReader.changed(changed.toString(), document.folder()).source();
    return (source != null && source.config.equals(meaning)) ? source : null;
  }

  /**
   * Returns false if a scalar cannot be replaced. Ignores what was added or removed.
   */
  private boolean collect(Node old, Node now, Map<Integer, Replacement> replacements) {
    if (Nodes.same(old, now)) {
      return true;
    }
    if (old instanceof ScalarNode was && now instanceof ScalarNode is) {
      Replacement replacement = replacement(was, is);
      return replacement != null && replacements.put(replacement.start, replacement) == null;
    }
    Map<String, Node> before = Nodes.entries(old);
    Map<String, Node> after = Nodes.entries(now);
    return before == null
        || after == null
        || before.entrySet().stream()
            .allMatch(entry -> !after.containsKey(entry.getKey())
                || collect(entry.getValue(), after.get(entry.getKey()), replacements));
  }

  private @Nullable Replacement replacement(ScalarNode old, ScalarNode now) {
    int start = offset(old.getStartMark());
    int end = offset(old.getEndMark());
    String spelled = text.substring(start, end);
    String quote = old.isPlain() ? "" : spelled.substring(0, Math.min(1, spelled.length()));
    boolean isSimple = old.isPlain() ? spelled.equals(old.getValue()) : isQuoted(spelled, quote);
    return isSimple ? new Replacement(start, end, spelling(now, quote)) : null;
  }

  private static boolean isQuoted(String spelled, String quote) {
    return (quote.equals("\"") || quote.equals("'"))
        && spelled.length() > 1
        && spelled.endsWith(quote)
        && spelled.chars().noneMatch(c -> c == '\n' || c == '\r');
  }

  private static String spelling(ScalarNode now, String quote) {
    String value = now.getValue();
    if (quote.isEmpty() || !now.getTag().equals(Tag.STR)) {
      return YamlFlow.text(now);
    }
    boolean isSingle = quote.equals("'") && value.codePoints().allMatch(Shown::isPrintable);
    return isSingle ? quote + value.replace("'", "''") + quote : YamlFlow.quoted(value);
  }

  private int offset(Mark mark) {
    return text.offsetByCodePoints(0, mark.getIndex());
  }

  /** Returns a text without the values, as some are secret. */
  @Override
  public String toString() {
    return document.toString();
  }

  private record Replacement(int start, int end, String text) {}
}
