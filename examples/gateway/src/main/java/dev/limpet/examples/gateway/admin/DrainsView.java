package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.operate.Draining;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Drains in JSON. */
final class DrainsView {
  private DrainsView() {}

  static JsonArray json(List<Draining> drains) {
    JsonArray all = new JsonArray();
    drains.forEach(drain -> all.add(json(drain)));
    return all;
  }

  private static JsonObject json(Draining drain) {
    return new JsonObject()
        .put("pool", drain.pool())
        .put("backend", drain.backend())
        .put("begun", drain.begun().toEpochMilli())
        .put("deadline", millis(drain.deadline()))
        .put("sessions", drain.sessions())
        .put("connections", drain.connections())
        .put("longest", millis(drain.longest()))
        .put("result", (drain.result() == null) ? null : spelled(drain.result()));
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return (instant == null) ? null : instant.toEpochMilli();
  }

  /** Returns a value of an enum as the API spells it, such as {@code deadline-passed}. */
  static String spelled(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
