package dev.limpet.core;

import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.List;

/**
 * A class that declares members of a visible type: the type itself, or a hidden supertype of it.
 *
 * @param text writes types as they are in the visible type
 */
record ApiPart(Class<?> declaring, ApiText text) {

  /** Returns a type and its hidden supertypes, in the order in which they override each other. */
  static List<ApiPart> of(Class<?> type, ApiVisibility visibility, ApiText text) {
    ApiPart part = new ApiPart(type, text);
    List<ApiPart> parts = new ArrayList<>(List.of(part));
    for (AnnotatedType supertype : part.supertypes()) {
      Class<?> raw = ApiText.rawType(supertype);
      if (!visibility.isVisible(raw)) {
        parts.addAll(of(raw, visibility, text.withArgumentsOf(supertype)));
      }
    }
    return parts;
  }

  /** Returns the declared supertypes, the superclass first, except those that the kind implies. */
  List<AnnotatedType> supertypes() {
    List<AnnotatedType> supertypes = new ArrayList<>();
    AnnotatedType superclass = declaring.getAnnotatedSuperclass();
    if (superclass != null && !isImplied(ApiText.rawType(superclass))) {
      supertypes.add(superclass);
    }
    supertypes.addAll(List.of(declaring.getAnnotatedInterfaces()));
    return supertypes;
  }

  private static boolean isImplied(Class<?> superclass) {
    return superclass == Object.class || superclass == Enum.class || superclass == Record.class;
  }
}
