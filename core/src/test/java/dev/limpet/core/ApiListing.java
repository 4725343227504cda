package dev.limpet.core;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.reflect.AnnotatedType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Lists what users of a module can see: a type or member a line, sorted. */
final class ApiListing {
  private static final String INDENT = "  ";

  private final Optional<ModuleDescriptor> module;
  private final List<Class<?>> types = new ArrayList<>();
  private final ApiVisibility visibility = new ApiVisibility();
  private final ApiNames names = new ApiNames();

  ApiListing(Path classes, ClassLoader loader) throws IOException {
    module = ModuleFinder.of(classes).findAll().stream()
        .map(ModuleReference::descriptor)
        .findAny();
    for (String exported : exported(classes)) {
      for (Class<?> type : load(classes, exported, loader)) {
        if (visibility.isVisible(type)) {
          types.add(type);
        }
      }
    }
    types.sort(Comparator.<Class<?>, String>comparing(Class::getPackageName)
        .thenComparing(Class::getCanonicalName));
  }

  List<String> lines() {
    describeTypes(); // so that all simple names are known, and which of them are ambiguous
    List<String> described = describeTypes();
    List<String> lines = new ArrayList<>();
    lines.add(module.map(real -> "module " + real.name()).orElse("no module"));
    module.stream()
        .flatMap(real -> real.requires().stream())
        .filter(required -> required.modifiers().contains(Requires.Modifier.TRANSITIVE))
        .map(required -> INDENT + "requires transitive " + required.name())
        .sorted()
        .forEach(lines::add);
    lines.add("");
    lines.add("imports");
    names.imports(types).forEach(name -> lines.add(INDENT + name));
    lines.addAll(described);
    return lines;
  }

  /** Returns the packages that users see: all of them, if the classes are no module. */
  private Set<String> exported(Path classes) throws IOException {
    if (module.isPresent()) {
      return module.get().exports().stream()
          .map(Exports::source)
          .collect(toCollection(TreeSet::new));
    }
    try (Stream<Path> files = Files.walk(classes)) {
      return files
          .filter(file -> file.toString().endsWith(".class"))
          .map(file -> classes.relativize(file.getParent()).toString())
          .map(folder -> folder.replace(File.separatorChar, '.'))
          .collect(toCollection(TreeSet::new));
    }
  }

  private List<String> describeTypes() {
    List<String> lines = new ArrayList<>();
    String shown = "";
    for (Class<?> type : types) {
      lines.add("");
      if (!type.getPackageName().equals(shown)) {
        shown = type.getPackageName();
        lines.add(ApiText.declared(type.getPackage()) + "package " + shown);
        lines.add("");
      }
      List<ApiPart> parts = ApiPart.of(type, visibility, new ApiText(names));
      lines.add(header(type, parts));
      ApiMembers.of(type, parts).forEach(member -> lines.add(INDENT + member));
    }
    return lines;
  }

  private String header(Class<?> type, List<ApiPart> parts) {
    ApiText text = parts.get(0).text();
    StringBuilder header = new StringBuilder(ApiText.declared(type))
        .append(ApiModifiers.of(type))
        .append(type.getCanonicalName())
        .append(text.parameters(type));
    if (type.isRecord()) {
      header.append(Stream.of(type.getRecordComponents())
          .map(c -> text.type(c.getAnnotatedType()) + " " + c.getName())
          .collect(joining(", ", "(", ")")));
    }
    boolean isInterface = type.isInterface();
    header
        .append(list(" extends ", supertypes(parts, isInterface)))
        .append(isInterface ? "" : list(" implements ", supertypes(parts, true)));
    if (type.isSealed() && !type.isEnum()) {
      header.append(list(" permits ", permitted(type)));
    }
    return header.toString();
  }

  private Set<String> supertypes(List<ApiPart> parts, boolean interfaces) {
    Set<String> supertypes = new TreeSet<>();
    for (ApiPart part : parts) {
      for (AnnotatedType supertype : part.supertypes()) {
        Class<?> type = ApiText.rawType(supertype);
        if (type.isInterface() == interfaces && visibility.isVisible(type)) {
          supertypes.add(part.text().type(supertype));
        }
      }
    }
    return supertypes;
  }

  /** Hidden types are shown as dots, because they make a difference to a switch. */
  private Set<String> permitted(Class<?> type) {
    Set<String> permitted = new TreeSet<>();
    for (Class<?> subtype : type.getPermittedSubclasses()) {
      permitted.add(visibility.isVisible(subtype) ? names.of(subtype) : "...");
    }
    return permitted;
  }

  private static List<Class<?>> load(Path classes, String packageName, ClassLoader loader)
      throws IOException {
    List<Class<?>> loaded = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes.resolve(packageName.replace('.', '/')))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        loaded.add(Class.forName(packageName + "." + name, false, loader));
      }
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
    return loaded;
  }

  private static String list(String before, Set<String> items) {
    return items.isEmpty() ? "" : before + String.join(", ", items);
  }
}
