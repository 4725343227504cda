package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Operations;
import dev.limpet.examples.gateway.operate.Preview;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Passes the changes of operators on, and answers with their results. */
final class Editing {
  private static final String POOL = "pool";
  private static final String BACKEND = "backend";
  private static final String DEADLINE = "deadline";

  private final Operations operations;

  Editing(Operations operations) {
    this.operations = operations;
  }

  /**
   * Sets how sessions stick.
   *
   * @param kind what has the sessions: pool or listener
   */
  Reply stick(Call call, String kind) {
    return change(
        call, new Edit.Stickiness(owner(call, kind), JsonBody.object(call).encode()));
  }

  /** Ends the stickiness of a pool or listener. */
  Reply unstick(Call call, String kind) {
    return change(call, new Edit.Stickiness(owner(call, kind), null));
  }

  /** Answers what a change of stickiness would do. */
  Reply preview(Call call, String kind) {
    JsonObject settings = JsonBody.objectOrNull(call);
    Edit.Stickiness edit =
        new Edit.Stickiness(owner(call, kind), (settings == null) ? null : settings.encode());
    Preview preview = operations.preview(edit);
    if (preview instanceof Preview.Faulty faulty) {
      return Problem.faulty(faulty.faults());
    }
    return (preview instanceof Preview.Effect effect)
        ? Reply.json(json(effect))
        : unknown(((Preview.Unknown) preview).message());
  }

  /** Changes settings of a backend. */
  Reply changeBackend(Call call) {
    String settings = JsonBody.object(call).encode();
    return change(
        call,
        new Edit.ChangeBackend(call.name(POOL), call.name(BACKEND), settings, call.isConfirmed()));
  }

  /** Adds a backend. */
  Reply addBackend(Call call) {
    Edit edit = new Edit.AddBackend(call.name(POOL), JsonBody.object(call).encode());
    return change(call, edit, HttpResponseStatus.CREATED);
  }

  /** Removes a backend. */
  Reply removeBackend(Call call) {
    return change(
        call, new Edit.RemoveBackend(call.name(POOL), call.name(BACKEND), call.isConfirmed()));
  }

  /** Begins to drain a backend. */
  Reply drain(Call call) {
    String deadline = deadline(JsonBody.optional(call, Set.of(DEADLINE)));
    return change(
        call, new Edit.Drain(call.name(POOL), call.name(BACKEND), deadline, call.isConfirmed()));
  }

  /** Ends the drain of a backend. */
  Reply ready(Call call) {
    JsonBody.optional(call, Set.of());
    return change(call, new Edit.Ready(call.name(POOL), call.name(BACKEND)));
  }

  private static @Nullable String deadline(JsonObject settings) {
    Object deadline = settings.getValue(DEADLINE);
    if (deadline != null && !(deadline instanceof String)) {
      throw new ProblemException(
          Problem.faulty(DEADLINE, String.valueOf(deadline), "a duration such as \"10m\""));
    }
    return (String) deadline;
  }

  private Reply change(Call call, Edit edit) {
    return change(call, edit, HttpResponseStatus.OK);
  }

  private Reply change(Call call, Edit edit, HttpResponseStatus success) {
    Change change = operations.change(edit, call.expected(), call.who());
    if (change instanceof Change.Done done) {
      return Reply.json(success, json(done)).withVersion(done.version());
    }
    if (change instanceof Change.Faulty faulty) {
      return Problem.faulty(faulty.faults());
    }
    if (change instanceof Change.Stale stale) {
      return Problem.stale(stale.version(), stale.differences());
    }
    return (change instanceof Change.Unconfirmed unconfirmed)
        ? Problem.unconfirmed(unconfirmed.message())
        : unknown(((Change.Unknown) change).message());
  }

  /** Pools and listeners may have the same names, so the path must be that of the profile. */
  private String owner(Call call, String kind) {
    GatewayConfig config = operations.running().config();
    String owning = config.ownerKind();
    if (!kind.equals(owning)) {
      throw new ProblemException(
          HttpResponseStatus.NOT_FOUND,
          "stickySession: of a " + kind + " (expected: of a " + owning + ") [profile "
              + config.profile() + ']');
    }
    return call.name(kind);
  }

  private static Reply unknown(String message) {
    return Problem.of(HttpResponseStatus.NOT_FOUND, message);
  }

  private static JsonObject json(Change.Done done) {
    return new JsonObject()
        .put("version", String.valueOf(done.version()))
        .put("differences", new JsonArray(done.differences()))
        .put("written", done.written())
        .put("paste", done.paste());
  }

  private static JsonObject json(Preview.Effect effect) {
    return new JsonObject()
        .put("stay", effect.stay())
        .put("reinterpreted", effect.reinterpreted())
        .put("end", effect.end())
        .put("notes", new JsonArray(effect.notes()));
  }
}
