package dev.limpet.core;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Shortens the names of types that have a simple name of their own in a listing. */
final class ApiNames {
  private final Map<String, Set<String>> bySimpleName = new TreeMap<>();

  /** Returns the simple name, unless it stood for another type before. */
  String of(Class<?> type) {
    if (type.isPrimitive()) {
      return type.getName();
    }
    Class<?> outermost = outermost(type);
    Set<String> known =
        bySimpleName.computeIfAbsent(outermost.getSimpleName(), any -> new TreeSet<>());
    known.add(outermost.getName());
    String name = type.getCanonicalName();
    return (known.size() > 1) ? name : name.substring(type.getPackageName().length() + 1);
  }

  /** Returns the full names of the types that were shortened, except the given ones. */
  List<String> imports(Collection<Class<?>> listed) {
    List<String> names = listed.stream().map(Class::getName).toList();
    return bySimpleName.values().stream()
        .filter(known -> known.size() == 1)
        .flatMap(Set::stream)
        .filter(name -> !names.contains(name) && !name.matches("java\\.lang\\.\\w+"))
        .sorted()
        .toList();
  }

  private static Class<?> outermost(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    return (outer == null) ? type : outermost(outer);
  }
}
