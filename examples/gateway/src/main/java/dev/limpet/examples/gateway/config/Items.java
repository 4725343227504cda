package dev.limpet.examples.gateway.config;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The items of a list that could be read.
 *
 * @param read the items that could be read, in order
 * @param complete whether these are all items
 */
record Items<T>(List<T> read, boolean complete) {

  static <T> Items<T> required(
      Section section, String key, int max, Function<Setting, @Nullable T> reader) {
    List<Setting> settings =
        section.required(key, Setting.listRule(max, key), list -> list.items(max, key));
    List<T> read = new ArrayList<>();
    if (settings == null) {
      return new Items<>(read, false);
    }
    for (Setting setting : settings) {
      T item = reader.apply(setting);
      if (item != null) {
        read.add(item);
      }
    }
    return new Items<>(read, read.size() == settings.size());
  }
}
