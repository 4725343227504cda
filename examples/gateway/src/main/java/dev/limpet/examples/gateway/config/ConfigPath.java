package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a value is in a configuration. An item of a list is addressed by its {@code name} or {@code
 * id}.
 *
 * @param keys the keys from the top, such as {@code pools, web, backends, web1, weight}
 */
public record ConfigPath(List<String> keys) {

  /** Makes a path. */
  public ConfigPath {
    keys = List.copyOf(keys);
  }

  /** Returns a path from the top. */
  public static ConfigPath of(String... keys) {
    return new ConfigPath(List.of(keys));
  }

  /** Returns the path of a key, or of an item, below this one. */
  public ConfigPath then(String key) {
    List<String> longer = new ArrayList<>(keys);
    longer.add(key);
    return new ConfigPath(longer);
  }

  /** Returns the last key. */
  public String last() {
    return keys.get(keys.size() - 1);
  }

  /** Returns the keys with dots between them. */
  @Override
  public String toString() {
    return String.join(".", keys);
  }
}
