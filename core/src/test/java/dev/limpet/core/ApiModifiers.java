package dev.limpet.core;

import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/** Writes the modifiers that users depend on, except those that the kind of type implies. */
final class ApiModifiers {
  private static final int ACCESS = Modifier.PUBLIC | Modifier.PROTECTED;
  private static final int INHERITANCE = Modifier.ABSTRACT | Modifier.STATIC | Modifier.FINAL;

  private ApiModifiers() {}

  static String of(Class<?> type) {
    int modifiers = type.getModifiers();
    String sealed = type.isSealed() ? "sealed " : "";
    if (type.isAnnotation()) {
      return text(modifiers & ACCESS) + "@interface ";
    }
    if (type.isInterface()) {
      return text(modifiers & ACCESS) + sealed + "interface ";
    }
    if (type.isEnum()) {
      return text(modifiers & ACCESS) + "enum ";
    }
    if (type.isRecord()) {
      return text(modifiers & ACCESS) + "record ";
    }
    return text(modifiers & (ACCESS | INHERITANCE)) + sealed + "class ";
  }

  /** Returns the modifiers of a field, method or constructor in a type that has or inherits it. */
  static String of(Field field, Class<?> type) {
    return type.isInterface() ? "" : text(field.getModifiers() & (ACCESS | INHERITANCE));
  }

  static String of(Executable executable, Class<?> type) {
    int modifiers = executable.getModifiers();
    if (!type.isInterface()) {
      return text(modifiers & (ACCESS | INHERITANCE));
    }
    boolean isDefault = executable instanceof Method method && method.isDefault();
    return isDefault ? "default " : text(modifiers & Modifier.STATIC);
  }

  private static String text(int modifiers) {
    return (modifiers == 0) ? "" : Modifier.toString(modifiers) + " ";
  }
}
