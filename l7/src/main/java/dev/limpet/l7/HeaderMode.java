package dev.limpet.l7;

import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the ways have in common in which a {@link HeaderAffinity} keeps its sessions. */
abstract class HeaderMode<Q, S> extends FieldAffinity<Q, S> {
  static final int SESSION_OVER = 404;
  static final int UNAVAILABLE = 503;

  final Messages<Q, S> messages;
  final String name;
  final Environment environment;
  final ResponseCounts counts = new ResponseCounts();
  final boolean isMcp;
  private final StickySession session;
  private final boolean refusesUnknown;
  private final @Nullable Function<? super Q, ? extends @Nullable CharSequence> boundTo;

  HeaderMode(HeaderAffinity.Builder<Q, S> builder) {
    this.messages = new Messages<>(builder.access);
    this.name = builder.name;
    this.environment = builder.environment();
    this.session = builder.session();
    this.refusesUnknown = builder.refusesUnknown();
    this.boundTo = builder.boundTo;
    this.isMcp = builder.isMcp;
  }

  /** Returns whether the field means nothing in this request and its response. */
  final boolean isIgnored(Q request) {
    return isMcp && McpEra.isModern(messages, request);
  }

  /** {@return the value of the request's field, as {@link HeaderValue#only} returns it} */
  final @Nullable String value(Q request, int maxLength) {
    return HeaderValue.only(messages.requestFields(request, name), maxLength);
  }

  /** {@return the client that a request comes from; null if it does not matter, or is unknown} */
  final @Nullable CharSequence principal(Q request) {
    return (boundTo == null) ? null : boundTo.apply(request);
  }

  /** {@return the recall of a session that is not known} */
  final Recall unknown(Reason reason) {
    return refusesUnknown ? Recall.refused(reason) : Recall.hashed(reason);
  }

  /** {@return the recall of a request whose value cannot be used} */
  final Recall unusable() {
    return refusesUnknown ? Recall.refused(Reason.UNUSABLE_KEY) : Recall.none(Reason.UNUSABLE_KEY);
  }

  static boolean isSuccess(int status) {
    return status >= 200 && status < 300;
  }

  final int status(S response) {
    return messages.access().status(response);
  }

  @Override
  public @Nullable Failover failover() {
    return isMcp ? Failover.STRICT : null;
  }

  @Override
  public boolean endsWithBackend() {
    return isMcp || refusesUnknown;
  }

  @Override
  public int statusWithoutBackend(Route route) {
    return status(route.outcome(), route.reason());
  }

  /** {@return 404 if a session is over, 503 if a request may be tried again} */
  static int status(Outcome outcome, @Nullable Reason reason) {
    return (outcome == Outcome.REFUSED && reason != null && isOver(reason))
        ? SESSION_OVER
        : UNAVAILABLE;
  }

  private static boolean isOver(Reason reason) {
    return switch (reason) {
      case UNKNOWN, UNUSABLE_KEY, EXPIRED, FUTURE, MALFORMED, FORGED, UNKNOWN_KEY, BACKEND_GONE ->
        true;
      default -> false;
    };
  }

  @Override
  public StickySession session() {
    return session;
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public HttpAccess<Q, S> access() {
    return messages.access();
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return fieldsToBackend(request, List.of());
  }

  @Override
  public ResponseStats responseStats() {
    return counts.stats();
  }

  @Override
  public Supplier<ResponseStats> responses() {
    return counts::stats;
  }
}
