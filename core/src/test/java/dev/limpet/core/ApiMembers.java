package dev.limpet.core;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Lists the members of one visible type, those of its hidden supertypes among them. */
final class ApiMembers {
  private static final Set<String> IMPLIED_BY_ENUM = Set.of("values()", "valueOf(String)");
  private static final Set<String> IMPLIED_BY_RECORD =
      Set.of("equals(Object)", "hashCode()", "toString()");

  private final Class<?> type;
  private final List<String> fields = new ArrayList<>();
  private final List<String> constructors = new ArrayList<>();
  private final List<Named> methods = new ArrayList<>();
  private final Set<String> known = new HashSet<>();

  private record Named(String signature, String line) {}

  private ApiMembers(Class<?> type) {
    this.type = type;
  }

  /** Returns enum constants in their order; then fields, constructors and methods, each sorted. */
  static List<String> of(Class<?> type, List<ApiPart> parts) {
    ApiMembers members = new ApiMembers(type);
    for (ApiPart part : parts) {
      ApiConstants constants = ApiConstants.of(part.declaring());
      Stream.of(part.declaring().getDeclaredFields())
          .filter(field -> !field.isEnumConstant() && members.hasAccess(field.getModifiers()))
          .forEach(field -> members.add(field, constants, part.text()));
      Stream.of(part.declaring().getDeclaredMethods())
          .filter(method -> !method.isSynthetic() && members.has(method))
          .forEach(method -> members.add(method, part.text()));
    }
    Stream.of(type.getDeclaredConstructors())
        .filter(made -> !made.isSynthetic() && members.hasAccess(made.getModifiers()))
        .forEach(made -> members.add(made, parts.get(0).text()));
    return members.sorted(ApiConstants.of(type).enumConstants());
  }

  private List<String> sorted(List<String> enumConstants) {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < enumConstants.size(); i++) {
      lines.add(i + ": " + enumConstants.get(i));
    }
    fields.stream().sorted().forEach(lines::add);
    constructors.stream().sorted().forEach(lines::add);
    methods.stream()
        .sorted((a, b) -> a.signature().compareTo(b.signature()))
        .forEach(method -> lines.add(method.line()));
    return lines;
  }

  private boolean hasAccess(int modifiers) {
    return ApiVisibility.isAccessible(modifiers, type);
  }

  /** A hidden interface's static methods are not inherited, and its others may be implemented. */
  private boolean has(Method method) {
    int modifiers = method.getModifiers();
    Class<?> declaring = method.getDeclaringClass();
    boolean isInherited = declaring != type;
    boolean isImplemented =
        Modifier.isAbstract(modifiers) && !Modifier.isAbstract(type.getModifiers());
    return hasAccess(modifiers)
        && !(isInherited && isImplemented)
        && !(isInherited && declaring.isInterface() && Modifier.isStatic(modifiers));
  }

  private void add(Field field, ApiConstants constants, ApiText text) {
    if (!field.isSynthetic() && known.add(field.getName())) {
      fields.add(ApiText.declared(field)
          + ApiModifiers.of(field, type)
          + text.type(field.getAnnotatedType())
          + " "
          + field.getName()
          + constants.value(field));
    }
  }

  private void add(Constructor<?> constructor, ApiText text) {
    constructors.add(ApiText.declared(constructor)
        + ApiModifiers.of(constructor, type)
        + generic(text.parameters(constructor))
        + type.getSimpleName()
        + parameters(constructor, text)
        + exceptions(constructor, text));
  }

  private void add(Method method, ApiText text) {
    String parameters = parameters(method, text);
    String signature = method.getName() + parameters.replaceAll("@\\w+ ", "");
    if (isImplied(signature) || !known.add(signature)) {
      return;
    }
    String line = ApiText.declared(method)
        + ApiModifiers.of(method, type)
        + generic(text.parameters(method))
        + text.type(method.getAnnotatedReturnType())
        + " "
        + method.getName()
        + parameters
        + exceptions(method, text);
    methods.add(new Named(signature, line));
  }

  private boolean isImplied(String signature) {
    return (type.isEnum() && IMPLIED_BY_ENUM.contains(signature))
        || (type.isRecord() && IMPLIED_BY_RECORD.contains(signature));
  }

  private static String generic(String parameters) {
    return parameters.isEmpty() ? "" : parameters + " ";
  }

  private static String parameters(Executable executable, ApiText text) {
    List<AnnotatedType> declared = declaredParameters(executable);
    List<String> parameters = new ArrayList<>(declared.stream().map(text::type).toList());
    if (executable.isVarArgs()) {
      int last = declared.size() - 1;
      parameters.set(last, text.variable(declared.get(last)));
    }
    return "(" + String.join(", ", parameters) + ")";
  }

  private static List<AnnotatedType> declaredParameters(Executable executable) {
    if (!takesOuter(executable)) {
      return List.of(executable.getAnnotatedParameterTypes());
    }
    if (executable.getParameterCount() > 1) {
      throw new UnsupportedOperationException(executable
          + ": parameters of an inner class (expected: a static class, because JDK 17 reports the"
          + " annotations of inner classes' parameters at the wrong ones)");
    }
    return List.of();
  }

  /** Returns whether the first parameter is the outer object, which no source declares. */
  private static boolean takesOuter(Executable executable) {
    Class<?> declaring = executable.getDeclaringClass();
    return executable instanceof Constructor
        && declaring.isMemberClass()
        && !Modifier.isStatic(declaring.getModifiers());
  }

  private static String exceptions(Executable executable, ApiText text) {
    String checked = Stream.of(executable.getAnnotatedExceptionTypes())
        .filter(ApiMembers::isChecked)
        .map(text::type)
        .sorted()
        .collect(joining(", "));
    return checked.isEmpty() ? "" : " throws " + checked;
  }

  private static boolean isChecked(AnnotatedType exception) {
    return !(exception.getType() instanceof Class<?> type
        && (RuntimeException.class.isAssignableFrom(type) || Error.class.isAssignableFrom(type)));
  }
}
