package dev.limpet.l7;

import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * An affinity that can use the fields that an exchange has already read, so that they are read only
 * once. Each method for an exchange does the same as that for its request.
 */
abstract class FieldAffinity<Q, S> implements HttpAffinity<Q, S> {

  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return recall(exchange.request(), pool);
  }

  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return peek(exchange.request(), pool);
  }

  long key(StickyExchange<Q, S> exchange) {
    return key(exchange.request());
  }

  long tableKey(StickyExchange<Q, S> exchange) {
    return tableKey(exchange.request());
  }

  abstract void onResponse(StickyExchange<Q, S> exchange, Route route, S response);

  CompletionStage<Void> onResponseAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    onResponse(exchange, route, response);
    return DONE;
  }

  /**
   * {@return the fields that must change on the way to the backend}
   *
   * @param request the request
   * @param cookies its Cookie fields, including changes by other affinities
   */
  abstract Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies);

  /**
   * {@return the fields that must change on the way to the backend}
   *
   * @param exchange the request's exchange
   * @param cookies its Cookie fields, including changes by other affinities
   */
  Map<String, List<String>> fieldsToBackend(StickyExchange<Q, S> exchange, List<String> cookies) {
    return fieldsToBackend(exchange.request(), cookies);
  }

  /** Checks that a router's pool is the one whose tokens an affinity makes. */
  static void checkPool(Pool own, Pool routed) {
    if (routed != own) {
      String rule = routed.name().equals(own.name())
          ? "the affinity's own Pool object, not another one of that name"
          : "the affinity's own, " + own.name();
      throw new IllegalArgumentException("pool: " + routed.name() + " (expected: " + rule + ")");
    }
  }

  /** Calls {@link HttpAffinity#onResponse} of any affinity, by fields if possible. */
  static <Q, S> void onResponse(
      HttpAffinity<Q, S> affinity, StickyExchange<Q, S> exchange, Route route, S response) {
    if (affinity instanceof FieldAffinity<Q, S> byFields) {
      byFields.onResponse(exchange, route, response);
    } else {
      affinity.onResponse(exchange.request(), route, response);
    }
  }

  /** Calls {@link HttpAffinity#onResponseAsync} of any affinity, by fields if possible. */
  static <Q, S> CompletionStage<Void> onResponseAsync(
      HttpAffinity<Q, S> affinity, StickyExchange<Q, S> exchange, Route route, S response) {
    return (affinity instanceof FieldAffinity<Q, S> byFields)
        ? byFields.onResponseAsync(exchange, route, response)
        : affinity.onResponseAsync(exchange.request(), route, response);
  }

  /** Calls {@link HttpAffinity#fieldsToBackend} of any affinity, by fields if possible. */
  static <Q, S> Map<String, List<String>> fieldsToBackend(
      HttpAffinity<Q, S> affinity, StickyExchange<Q, S> exchange, List<String> cookies) {
    return (affinity instanceof FieldAffinity<Q, S> byFields)
        ? byFields.fieldsToBackend(exchange, cookies)
        : affinity.fieldsToBackend(exchange.request());
  }

  /** Calls {@link HttpAffinity#fieldsToBackend} of any affinity, by fields if possible. */
  static <Q, S> Map<String, List<String>> fieldsToBackend(
      HttpAffinity<Q, S> affinity, Q request, List<String> cookies) {
    return (affinity instanceof FieldAffinity<Q, S> byFields)
        ? byFields.fieldsToBackend(request, cookies)
        : affinity.fieldsToBackend(request);
  }
}
