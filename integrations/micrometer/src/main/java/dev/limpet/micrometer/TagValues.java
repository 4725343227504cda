package dev.limpet.micrometer;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys and the values of tags. */
final class TagValues {
  static final String POOL = "pool";
  static final String ROUTER = "router";
  static final String OUTCOME = "outcome";
  static final String REASON = "reason";
  static final String STATE = "state";
  static final String AFFINITY = "affinity";
  static final String BACKEND = "backend";
  static final String RESULT = "result";

  /** The value of a tag that has none, because Micrometer requires one. */
  static final String NONE = "none";

  private TagValues() {}

  static String of(@Nullable Enum<?> value) {
    return (value == null) ? NONE : value.name().toLowerCase(Locale.ROOT);
  }
}
