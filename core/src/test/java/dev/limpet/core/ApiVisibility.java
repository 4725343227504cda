package dev.limpet.core;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Knows which types any other module can name. */
final class ApiVisibility {
  private final Map<Path, Optional<ModuleDescriptor>> modules = new HashMap<>();

  boolean isVisible(Class<?> type) {
    Class<?> outer = type.getDeclaringClass();
    if (outer == null) {
      return Modifier.isPublic(type.getModifiers()) && isExported(type);
    }
    return isAccessible(type.getModifiers(), outer) && isVisible(outer);
  }

  /** Returns whether users see a member of a visible type; protected ones if they may extend it. */
  static boolean isAccessible(int modifiers, Class<?> type) {
    return Modifier.isPublic(modifiers)
        || (Modifier.isProtected(modifiers) && !Modifier.isFinal(type.getModifiers()));
  }

  /** Reads the module's declaration, since tests run on the class path. */
  private boolean isExported(Class<?> type) {
    String name = type.getPackageName();
    if (type.getModule().isNamed()) {
      return type.getModule().isExported(name);
    }
    return modules
        .computeIfAbsent(location(type), ApiVisibility::declaration)
        .map(module -> module.isAutomatic() || exports(module, name))
        .orElse(true);
  }

  private static boolean exports(ModuleDescriptor module, String name) {
    return module.exports().stream()
        .anyMatch(exports -> !exports.isQualified() && exports.source().equals(name));
  }

  private static Optional<ModuleDescriptor> declaration(Path location) {
    return ModuleFinder.of(location).findAll().stream()
        .map(ModuleReference::descriptor)
        .findFirst();
  }

  /** Returns the directory or the jar that a class was loaded from. */
  static Path location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
