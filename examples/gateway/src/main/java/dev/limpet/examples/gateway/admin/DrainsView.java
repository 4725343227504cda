package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.Spelled;
import dev.limpet.examples.gateway.operate.Draining;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
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
        .put("result", (drain.result() == null) ? null : Spelled.of(drain.result()));
  }

  private static @Nullable Long millis(@Nullable Instant instant) {
    return (instant == null) ? null : instant.toEpochMilli();
  }
}
