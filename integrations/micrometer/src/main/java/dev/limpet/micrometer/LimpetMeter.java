package dev.limpet.micrometer;

import org.jspecify.annotations.Nullable;

/** A meter: its name, its unit and what it says. Everything else is in its tags. */
enum LimpetMeter {
  REQUESTS("limpet.router.requests", "requests", "Requests, each by its first outcome and reason"),
  REROUTES("limpet.router.reroutes", "reroutes", "Routes to another backend, by their outcome"),
  LISTENER_FAILURES(
      "limpet.router.listener.failures", "failures", "Exceptions that the router's listener threw"),
  ABANDONED_ROUTES(
      "limpet.router.abandoned.routes", "routes", "Routes that were not closed and then collected"),

  ISSUED("limpet.responses.issued", "tokens", "Tokens set for new and moved sessions"),
  REFRESHED("limpet.responses.refreshed", "tokens", "Tokens set to refresh a session"),
  LEARNED("limpet.responses.learned", "sessions", "Sessions of backends that were bound"),
  LEARN_REJECTED(
      "limpet.responses.learn.rejected",
      "sessions",
      "Sessions of backends that were not bound, as no slot was free"),
  LEARN_CONFLICTS(
      "limpet.responses.learn.conflicts",
      "sessions",
      "Sessions of backends that were not bound, as another backend has them"),
  UNLEARNED("limpet.responses.unlearned", "sessions", "Sessions that a response ended"),
  UNSEALED("limpet.responses.unsealed", "headers", "Headers of backends that were not sealed"),
  FOREIGN_SET_COOKIES(
      "limpet.responses.foreign.set.cookies",
      "cookies",
      "Cookies of backends that were removed, as they have the LB cookie's name"),
  FOREIGN_COOKIES(
      "limpet.responses.foreign.cookies", "requests", "Requests whose token is not of this pool"),
  AMBIGUOUS_TAGS(
      "limpet.responses.ambiguous.tags", "requests", "Requests whose token matches two backends"),
  MARKED("limpet.responses.marked", "cookies", "Application cookies that got a prefix or a route"),
  UNMARKED("limpet.responses.unmarked", "cookies", "Application cookies that could not get one"),

  TABLE_BINDINGS("limpet.table.bindings", "bindings", "Live bindings"),
  TABLE_CAPACITY("limpet.table.capacity", "bindings", "The maximum number of bindings"),
  REFUSED_NAMES(
      "limpet.table.refused.names",
      "bindings",
      "Bindings that were not made, as the table has too many names of backends"),

  BACKENDS("limpet.pool.backends", "backends", "Backends by their state"),
  DRAINING("limpet.pool.draining", "backends", "Backends that an operator drains"),
  EJECTIONS("limpet.pool.ejections", "ejections", "Ejections of backends"),
  READMISSIONS("limpet.pool.readmissions", "readmissions", "Readmissions of ejected backends"),
  PREVENTED(
      "limpet.pool.prevented.ejections",
      "ejections",
      "Ejections that were prevented, as too few backends would have been left"),
  EJECTION_LISTENER_FAILURES(
      "limpet.pool.listener.failures", "failures", "Exceptions that the ejections' listener threw"),

  BACKEND_STATE(
      "limpet.backend.state", null, "1 in the state that the backend has, 0 in the others"),
  BACKEND_WEIGHT("limpet.backend.weight", null, "The weight of the backend"),
  BACKEND_CONNECTIONS("limpet.backend.connections", "connections", "Connections that routes hold"),
  BACKEND_BINDINGS("limpet.backend.bindings", "bindings", "Live bindings to the backend"),
  DRAIN_REMAINING(
      "limpet.backend.drain.remaining",
      "seconds",
      "Time until the last session of a draining backend has expired, if none is used again"),

  STORE_CALLS("limpet.store.calls", "calls", "Calls, each by its result"),
  STORE_LATENCY("limpet.store.latency", "seconds", "Time of the calls that were answered"),
  STORE_CONNECTED("limpet.store.connected", null, "1 if there is a connection"),
  STORE_BREAKER_OPEN(
      "limpet.store.breaker.open", null, "1 if calls are refused, as recent ones had no answer"),
  STORE_LATE_REPLIES(
      "limpet.store.late.replies", "replies", "Replies that came after the deadline"),
  STORE_GARBAGE("limpet.store.garbage", "calls", "Calls that found a value of nobody's"),
  STORE_RELOADS("limpet.store.reloads", "reloads", "Calls that had to send a script again"),
  STORE_MESSAGES("limpet.store.messages", "messages", "Announced changes of bindings"),
  STORE_BAD_MESSAGES("limpet.store.bad.messages", "messages", "Malformed messages"),
  STORE_UNTOLD("limpet.store.untold", "changes", "Changes that the store was not told");

  private final String id;
  private final @Nullable String unit;
  private final String description;

  LimpetMeter(String id, @Nullable String unit, String description) {
    this.id = id;
    this.unit = unit;
    this.description = description;
  }

  /** {@return the meter's name at a registry} */
  String id() {
    return id;
  }

  /** {@return the base unit; null for a number without one} */
  @Nullable
  String unit() {
    return unit;
  }

  String description() {
    return description;
  }
}
