package dev.limpet.jfr;

import dev.limpet.core.Backend;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import org.jspecify.annotations.Nullable;

/** The texts of events, which are null where there is nothing to say. */
final class Texts {
  private Texts() {}

  static @Nullable String backend(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? null : backend.name();
  }

  static @Nullable String reason(Route route) {
    Reason reason = route.reason();
    return (reason == null) ? null : reason.name();
  }
}
