package dev.limpet.l7;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The objects of Limpet's main classes that can be reached from others. */
final class Reachable {
  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> left = new ArrayDeque<>();

  private Reachable() {}

  static Stream<Object> from(Object... roots) {
    Reachable reachable = new Reachable();
    Stream.of(roots).forEach(reachable::add);
    while (!reachable.left.isEmpty()) {
      reachable.visit(reachable.left.remove());
    }
    return reachable.seen.stream().filter(Reachable::isOurs);
  }

  private void add(Object object) {
    if (object != null && seen.add(object)) {
      left.add(object);
    }
  }

  private void visit(Object object) {
    if (object instanceof Iterable<?> elements) {
      elements.forEach(this::add);
    } else if (object instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        add(key);
        add(value);
      });
    } else if (object instanceof AtomicReferenceArray<?> array) {
      IntStream.range(0, array.length()).mapToObj(array::get).forEach(this::add);
    } else if (object instanceof Object[]) {
      IntStream.range(0, Array.getLength(object))
          .mapToObj(i -> Array.get(object, i))
          .forEach(this::add);
    } else if (isOurs(object)) {
      fields(object);
    }
  }

  private void fields(Object object) {
    for (Class<?> type = object.getClass(); isOurs(type); type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive()) {
          field.setAccessible(true);
          add(value(field, object));
        }
      }
    }
  }

  private static Object value(Field field, Object object) {
    try {
      return field.get(object);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isOurs(Object object) {
    return isOurs(object.getClass());
  }

  private static boolean isOurs(Class<?> type) {
    return type.getName().startsWith("dev.limpet.")
        && !type.isHidden()
        && !type.getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath()
            .endsWith("/test-classes/");
  }
}
