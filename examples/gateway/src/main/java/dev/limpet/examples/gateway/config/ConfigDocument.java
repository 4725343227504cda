package dev.limpet.examples.gateway.config;

import dev.limpet.core.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A configuration as its text says it: the keys that are there, and the values as they are spelled.
 * A change makes another document, which is read as a whole, so that every rule of the file holds
 * for it. Immutable.
 */
public final class ConfigDocument {
  private static final String POOLS = "pools";
  private static final String LISTENERS = "listeners";
  private static final String STICKY = "stickySession";
  private static final String BACKENDS = "backends";

  private final Node root;
  private final Path folder;

  ConfigDocument(Node root, Path folder) {
    this.root = root;
    this.folder = folder;
  }

  Node root() {
    return root;
  }

  Path folder() {
    return folder;
  }

  /** Returns the path of a pool's backend. */
  public static ConfigPath backend(String pool, String id) {
    return backends(pool).then(id);
  }

  /** Returns the path of a pool's backends. */
  public static ConfigPath backends(String pool) {
    return ConfigPath.of(POOLS, pool, BACKENDS);
  }

  /** Returns the path of how the sessions of a pool stick. */
  public static ConfigPath stickinessOfPool(String pool) {
    return ConfigPath.of(POOLS, pool, STICKY);
  }

  /** Returns the path of how the sessions of a listener stick, in profile classic. */
  public static ConfigPath stickinessOfListener(String listener) {
    return ConfigPath.of(LISTENERS, listener, STICKY);
  }

  /**
   * Reads the configuration. Faults have no lines. Files that are opened only at the start of a
   * gateway may be absent.
   */
  public ConfigReading read() {
    return ConfigReader.read(this);
  }

  /**
   * Returns this document with one pool and its listeners alone. The rules of the pool's stickiness
   * need no others.
   *
   * @param pool a pool that exists
   * @param listeners the names of all its listeners
   */
  public ConfigDocument only(String pool, Collection<String> listeners) {
    return with(ConfigPath.of(POOLS), Nodes.keep(required(ConfigPath.of(POOLS)), List.of(pool)))
        .with(ConfigPath.of(LISTENERS), Nodes.keep(required(ConfigPath.of(LISTENERS)), listeners));
  }

  /** Returns whether there is a value. */
  public boolean has(ConfigPath path) {
    return at(path) != null;
  }

  /**
   * Returns a value as YAML on one line, and a list of pools, listeners or backends as their names;
   * null if it is absent, or if it is secret or has secrets in it.
   */
  public @Nullable String text(ConfigPath path) {
    Node node = at(path);
    if (node == null || isSecret(path, node)) {
      return null;
    }
    Map<String, Node> items = (node instanceof SequenceNode) ? Nodes.entries(node) : null;
    return (items == null) ? YamlFlow.text(node) : items.keySet().toString();
  }

  /**
   * Sets a value, or removes it.
   *
   * @param path the path of the value; its parent must exist
   * @param value a text in YAML or JSON; null to remove the value
   */
  public ConfigEdit set(ConfigPath path, @Nullable String value) {
    if (value == null) {
      return ConfigEdit.of(with(path, null));
    }
    Faults faults = new Faults(null);
    Node node = parse(path.last(), value, faults);
    return (node == null) ? ConfigEdit.of(faults) : ConfigEdit.of(with(path, node));
  }

  /**
   * Adds an item to the end of a list.
   *
   * @param list a list that exists
   * @param item a text in YAML or JSON
   */
  public ConfigEdit add(ConfigPath list, String item) {
    Faults faults = new Faults(null);
    Node node = parse(list.last(), item, faults);
    return (node == null)
        ? ConfigEdit.of(faults)
        : ConfigEdit.of(with(list, Nodes.append((SequenceNode) required(list), node)));
  }

  /**
   * Changes keys of a backend; its others stay.
   *
   * @param item a backend that exists
   * @param changes a mapping in YAML or JSON; a null value removes a key. An {@code id} must be the
   *     backend's
   */
  public ConfigEdit change(ConfigPath item, String changes) {
    Faults faults = new Faults(null);
    Node node = parse("settings", changes, faults);
    if (node == null) {
      return ConfigEdit.of(faults);
    }
    if (!(node instanceof MappingNode mapping)) {
      return ConfigEdit.of(with(item, node));
    }
    checkId(item.last(), mapping, faults);
    return faults.isEmpty()
        ? ConfigEdit.of(
            with(item, Nodes.overlay((MappingNode) required(item), mapping, BackendDraft.KEYS)))
        : ConfigEdit.of(faults);
  }

  /**
   * Returns the paths at which changes of a file can apply while this document runs: the backends
   * of the pools that both have and, if wanted, how sessions stick.
   *
   * @param file the file
   * @param stickiness whether changes of {@code stickySession} apply, too
   */
  public List<ConfigPath> livePaths(ConfigDocument file, boolean stickiness) {
    List<ConfigPath> paths = new ArrayList<>();
    for (String pool : names(POOLS)) {
      if (file.has(ConfigPath.of(POOLS, pool))) {
        paths.add(backends(pool));
        paths.add(stickinessOfPool(pool));
      }
    }
    for (String listener : names(LISTENERS)) {
      if (file.has(ConfigPath.of(LISTENERS, listener))) {
        paths.add(stickinessOfListener(listener));
      }
    }
    paths.removeIf(path -> !stickiness && path.last().equals(STICKY));
    return paths;
  }

  /**
   * Returns this document with the values at a path that differ between an old and a new file.
   * Values of this document that differ from the old file stay, unless the new file changes them.
   *
   * @param old the file before
   * @param now the file now
   * @param path one of the {@link #livePaths}
   */
  public ConfigDocument following(ConfigDocument old, ConfigDocument now, ConfigPath path) {
    Node running = at(path);
    Node merged = ThreeWay.merge(old.at(path), now.at(path), running);
    return Objects.equals(merged, running) ? this : with(path, merged);
  }

  private Iterable<String> names(String list) {
    Map<String, Node> items = Nodes.entries(at(ConfigPath.of(list)));
    return (items == null) ? List.of() : items.keySet();
  }

  /** Returns a number by which paths are sorted in the order of this document. */
  public int position(ConfigPath path) {
    Map<String, Node> top = Nodes.entries(root);
    String first = path.keys().get(0);
    List<String> keys = (top == null) ? List.of() : List.copyOf(top.keySet());
    Map<String, Node> items = Nodes.entries((top == null) ? null : top.get(first));
    List<String> names = (items == null) ? List.of() : List.copyOf(items.keySet());
    boolean isItem = path.keys().size() > 1;
    return ConfigReader.MAX_BYTES * behind(keys, first)
        + (isItem ? behind(names, path.keys().get(1)) : 0);
  }

  private static int behind(List<String> known, String name) {
    int index = known.indexOf(name);
    return (index < 0) ? known.size() : index;
  }

  @Nullable
  Node at(ConfigPath path) {
    return Nodes.at(root, path);
  }

  private Node required(ConfigPath path) {
    return Objects.requireNonNull(at(path), () -> path + " (expected: a value that exists)");
  }

  private ConfigDocument with(ConfigPath path, @Nullable Node value) {
    return new ConfigDocument(Nodes.with(root, path, value), folder);
  }

  private static @Nullable Node parse(String name, String text, Faults faults) {
    if (text.length() > ConfigReader.MAX_BYTES) {
      faults.add(1, name, text.length() + " characters", "at most " + ConfigReader.MAX_BYTES);
      return null;
    }
    Node node = YamlText.first(text, faults);
    if (node == null && faults.isEmpty()) {
      faults.add(1, name, "empty", "a value in YAML or JSON");
    }
    return (node != null && faults.isEmpty()) ? Unquoted.of(node) : null;
  }

  private static void checkId(String id, MappingNode changes, Faults faults) {
    for (NodeTuple change : changes.getValue()) {
      boolean isId =
          change.getKeyNode() instanceof ScalarNode key && key.getValue().equals("id");
      Node wanted = change.getValueNode();
      if (isId && !(wanted instanceof ScalarNode text && text.getValue().equals(id))) {
        faults.add(1, Fault.of("id", Shown.node(wanted), id + ", as ids do not change"));
      }
    }
  }

  private static boolean isSecret(ConfigPath path, Node node) {
    return path.keys().stream().anyMatch(SecretReader.SECRET_KEYS::contains) || hasSecret(node);
  }

  private static boolean hasSecret(Node node) {
    Map<String, Node> entries = Nodes.entries(node);
    return entries != null
        && entries.entrySet().stream()
            .anyMatch(entry ->
                SecretReader.SECRET_KEYS.contains(entry.getKey()) || hasSecret(entry.getValue()));
  }

  /** Returns whether the other says the same; the order of keys and quotes do not matter. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ConfigDocument that && Nodes.same(root, that.root);
  }

  @Override
  public int hashCode() {
    Map<String, Node> entries = Nodes.entries(root);
    return (entries == null) ? 0 : entries.keySet().hashCode();
  }

  /** Returns a text without the values, as some are secret. */
  @Override
  public String toString() {
    return "a configuration of " + names(POOLS) + " and " + names(LISTENERS);
  }
}
