package dev.limpet.core;

import static java.util.stream.Collectors.joining;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedTypeVariable;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes types as Java source does, with their type arguments and annotations. Immutable. */
final class ApiText {
  private static final String NULLNESS = Nullable.class.getPackageName();

  private final ApiNames names;
  private final Map<Type, String> arguments;

  ApiText(ApiNames names) {
    this(names, Map.of());
  }

  private ApiText(ApiNames names, Map<Type, String> arguments) {
    this.names = names;
    this.arguments = arguments;
  }

  /** Returns the text within a generic supertype, whose parameters are what a subtype made them. */
  ApiText withArgumentsOf(AnnotatedType supertype) {
    Map<Type, String> known = new HashMap<>();
    if (supertype instanceof AnnotatedParameterizedType generic) {
      AnnotatedType[] given = generic.getAnnotatedActualTypeArguments();
      TypeVariable<?>[] parameters = rawType(supertype).getTypeParameters();
      for (int i = 0; i < given.length; i++) {
        known.put(parameters[i], type(given[i]));
      }
    }
    return new ApiText(names, known);
  }

  String type(AnnotatedType type) {
    if (type instanceof AnnotatedArrayType) {
      return array(type, "[]");
    }
    if (type instanceof AnnotatedWildcardType wildcard) {
      return annotations(type)
          + "?"
          + bounds(" extends ", wildcard.getAnnotatedUpperBounds())
          + bounds(" super ", wildcard.getAnnotatedLowerBounds());
    }
    return annotations(type) + plain(type);
  }

  /** Returns the text of the last parameter of a method that takes any number of arguments. */
  String variable(AnnotatedType type) {
    return array(type, "...");
  }

  /** Returns the type parameters of a type or method, or an empty text. */
  String parameters(GenericDeclaration generic) {
    TypeVariable<?>[] parameters = generic.getTypeParameters();
    return (parameters.length == 0)
        ? ""
        : Stream.of(parameters)
            .map(p -> p.getName() + bounds(" extends ", p.getAnnotatedBounds()))
            .collect(joining(", ", "<", ">"));
  }

  /** Returns the annotations of a declaration that matter to users. */
  static String declared(AnnotatedElement element) {
    return (element.isAnnotationPresent(Deprecated.class) ? "@Deprecated " : "")
        + annotations(element);
  }

  static Class<?> rawType(AnnotatedType type) {
    Type raw = (type.getType() instanceof ParameterizedType generic)
        ? generic.getRawType()
        : type.getType();
    return (Class<?>) raw;
  }

  private String plain(AnnotatedType type) {
    if (type instanceof AnnotatedTypeVariable variable) {
      return arguments.getOrDefault(type.getType(), variable.getType().getTypeName());
    }
    if (type instanceof AnnotatedParameterizedType generic) {
      return name(generic)
          + Stream.of(generic.getAnnotatedActualTypeArguments())
              .map(this::type)
              .collect(joining(", ", "<", ">"));
    }
    return names.of(rawType(type));
  }

  private String name(AnnotatedParameterizedType type) {
    return (type.getAnnotatedOwnerType() instanceof AnnotatedParameterizedType owner)
        ? type(owner) + "." + rawType(type).getSimpleName()
        : names.of(rawType(type));
  }

  private String array(AnnotatedType type, String lastBrackets) {
    StringBuilder dimensions = new StringBuilder();
    AnnotatedType element = type;
    while (element instanceof AnnotatedArrayType array) {
      String annotations = annotations(array);
      element = array.getAnnotatedGenericComponentType();
      dimensions
          .append(annotations.isEmpty() ? "" : " ")
          .append(annotations)
          .append(element instanceof AnnotatedArrayType ? "[]" : lastBrackets);
    }
    return type(element) + dimensions;
  }

  private String bounds(String before, AnnotatedType[] bounds) {
    String text = Stream.of(bounds).map(this::type).collect(joining(" & "));
    return (text.isEmpty() || text.equals("Object")) ? "" : before + text;
  }

  private static String annotations(AnnotatedElement element) {
    return Stream.of(element.getAnnotations())
        .map(annotation -> annotation.annotationType())
        .filter(type -> type.getPackageName().equals(NULLNESS))
        .map(type -> "@" + type.getSimpleName() + " ")
        .sorted()
        .collect(joining());
  }
}
