package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;

/** The texts that explain outcomes and reasons, and advise what to do about them. */
final class Texts {
  private static final Map<Outcome, String> OUTCOMES = outcomes();
  private static final Map<Reason, Words> REASONS = reasons();

  private Texts() {}

  /** The meaning of a reason, and advice. */
  record Words(String text, String advice) {}

  static Map<Outcome, String> ofOutcomes() {
    return OUTCOMES;
  }

  static Map<Reason, Words> ofReasons() {
    return REASONS;
  }

  static JsonObject json() {
    JsonArray reasons = new JsonArray();
    REASONS.forEach((reason, words) -> reasons.add(new JsonObject()
        .put("reason", reason.name())
        .put("text", words.text())
        .put("advice", words.advice())));
    JsonArray outcomes = new JsonArray();
    OUTCOMES.forEach((outcome, text) ->
        outcomes.add(new JsonObject().put("outcome", outcome.name()).put("text", text)));
    return new JsonObject().put("reasons", reasons).put("outcomes", outcomes);
  }

  private static Map<Outcome, String> outcomes() {
    Map<Outcome, String> texts = new EnumMap<>(Outcome.class);
    texts.put(Outcome.NEW, "The session is new and is now bound to a backend.");
    texts.put(Outcome.KEPT, "The session is still on its backend.");
    texts.put(
        Outcome.MOVED,
        "The session is now bound to another backend, because its own cannot serve it.");
    texts.put(
        Outcome.LENT,
        "Another backend serves the session for now, and the session keeps its binding.");
    texts.put(Outcome.HASHED, "The session fell back to hashing, and no binding was stored.");
    texts.put(Outcome.UNBOUND, "The request belongs to no session, or its stickiness was ignored.");
    texts.put(
        Outcome.REFUSED,
        "The session's backend cannot serve it, and it must neither move nor begin anew.");
    texts.put(Outcome.NO_BACKEND, "No backend can serve the request.");
    return texts;
  }

  private static Map<Reason, Words> reasons() {
    Map<Reason, Words> texts = new EnumMap<>(Reason.class);
    addReasonsOfRequests(texts);
    addReasonsOfTokens(texts);
    addReasonsOfBackends(texts);
    addReasonsOfTables(texts);
    return texts;
  }

  private static void addReasonsOfRequests(Map<Reason, Words> texts) {
    add(
        texts,
        Reason.NO_KEY,
        "The request carries no cookie, header or other key of a session.",
        "First requests have none; if this is frequent, check that clients send cookies back.");
    add(
        texts,
        Reason.UNUSABLE_KEY,
        "The request carries a key that cannot be used, for example because it is too long.",
        "Look at what the clients send, and whether the name of the cookie or header is right.");
    add(
        texts,
        Reason.IGNORED,
        "The proxy asked to ignore stickiness for this request.",
        "Nothing needs to be done; the gateway itself never asks for this.");
    add(
        texts,
        Reason.UNKNOWN,
        "The session is unknown: it is new, or its binding has expired.",
        "If KEPT is low at the same time, check whether the address or cookie of clients changes.");
  }

  private static void addReasonsOfTokens(Map<Reason, Words> texts) {
    add(
        texts,
        Reason.EXPIRED,
        "The session has expired.",
        "Use a longer duration if clients pause longer than that.");
    add(
        texts,
        Reason.FUTURE,
        "The token is dated more than 60 seconds in the future.",
        "Synchronize the clocks of the gateways.");
    add(
        texts,
        Reason.MALFORMED,
        "The cookie's value does not have the format of a token.",
        "Check whether another program sets a cookie of this name, or changes its value.");
    add(
        texts,
        Reason.FORGED,
        "The token was not made with these keys for this pool and cookie.",
        "Give all gateways the same keys; if they have them, somebody is trying tokens.");
    add(
        texts,
        Reason.UNKNOWN_KEY,
        "The token was made with a key that is not in the ring.",
        "Keep old keys in cookieSecrets until the cookies made with them have expired.");
  }

  private static void addReasonsOfBackends(Map<Reason, Words> texts) {
    add(
        texts,
        Reason.BACKEND_GONE,
        "The session's backend is no longer in the pool.",
        "Drain a backend before you remove it.");
    add(
        texts,
        Reason.BACKEND_DOWN,
        "The session's backend is down.",
        "Look at the backend, and at what its health check asks for.");
    add(
        texts,
        Reason.BACKEND_EJECTED,
        "The session's backend is ejected, because requests to it failed.",
        "Look at the backend; passiveHealth.grace lends its sessions before they move.");
    add(
        texts,
        Reason.BACKEND_FULL,
        "The session's backend is at capacity.",
        "Add backends, or raise maxConnections.");
    add(
        texts,
        Reason.CONNECT_FAILED,
        "No connection to the backend could be opened.",
        "Look at the backend, its address and the network.");
    add(
        texts,
        Reason.EARLIER_TIER,
        "The session was in a later tier, and an earlier tier serves again.",
        "Set returnToEarlierTier to false if sessions should stay in the later tier.");
  }

  private static void addReasonsOfTables(Map<Reason, Words> texts) {
    add(
        texts,
        Reason.TABLE_FULL,
        "The table has no free slot.",
        "Use a shorter duration, or a quota if few addresses have most of the sessions.");
    add(
        texts,
        Reason.OVER_QUOTA,
        "A quota of live or new bindings rejected the session.",
        "Raise the quota if the sessions are from a proxy that you know.");
    add(
        texts,
        Reason.STORE_UNAVAILABLE,
        "The shared store did not answer in time.",
        "Look at Redis and the network, or use a longer deadline.");
  }

  private static void add(Map<Reason, Words> texts, Reason reason, String text, String advice) {
    texts.put(reason, new Words(text, advice));
  }
}
