package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Affinity;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A chain of affinities, of which the first that knows a session serves it, and all of which handle
 * responses.
 */
final class HttpChain<Q, S> extends FieldAffinity<Q, S> {
  /*
   * An affinity that did not route the request sees the route as one without a session. So no LB
   * cookie is set for a session that another cookie identifies.
   *
   * An affinity that changes cookies changes the result of those before it.
   */

  private final Messages<Q, S> messages;
  private final List<HttpAffinity<Q, S>> affinities;
  private final List<HttpAffinity<Q, S>> embeddersFirst;
  private final Affinity<Q> chain;

  private HttpChain(List<HttpAffinity<Q, S>> affinities, Affinity<Q> chain) {
    this.messages = new Messages<>(affinities.get(0).access());
    this.affinities = List.copyOf(affinities);
    this.embeddersFirst = affinities.stream()
        .sorted(Comparator.comparing(affinity -> affinity instanceof FieldAffinity<?, ?>))
        .toList();
    this.chain = chain;
  }

  static <Q, S> HttpChain<Q, S> of(HttpAffinity<Q, S> first, HttpAffinity<Q, S> next) {
    List<HttpAffinity<Q, S>> affinities = new ArrayList<>(affinities(first));
    affinities.addAll(affinities(requireNonNull(next, "next")));
    Affinity<Q> chain = first;
    return new HttpChain<>(affinities, chain.orElse((Affinity<Q>) next));
  }

  /** {@return the affinities of a chain, in the order of their positions} */
  private static <Q, S> List<HttpAffinity<Q, S>> affinities(HttpAffinity<Q, S> affinity) {
    if (affinity instanceof HttpChain<Q, S> chain) {
      return chain.affinities;
    }
    return affinity.parts().stream()
        .map(part ->
            (affinity.parts().size() == 1) ? affinity : HttpAffinity.of(part, affinity.access()))
        .toList();
  }

  @Override
  public List<Affinity<? super Q>> parts() {
    return chain.parts();
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    return chain.recall(request, pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    return chain.peek(request, pool);
  }

  @Override
  public long key(Q request) {
    return chain.key(request);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return chain.bind(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return chain.unbind(key, expected);
  }

  @Override
  public boolean learns() {
    return chain.learns();
  }

  @Override
  public Remaining remaining(String name) {
    return chain.remaining(name);
  }

  @Override
  public @Nullable StickySession session() {
    return chain.session();
  }

  @Override
  public @Nullable Environment environment() {
    return chain.environment();
  }

  @Override
  public HttpAccess<Q, S> access() {
    return messages.access();
  }

  @Override
  public int statusWithoutBackend(Route route) {
    return affinities.get(route.affinity()).statusWithoutBackend(route);
  }

  @Override
  public void checkPool(Pool pool) {
    affinities.forEach(affinity -> affinity.checkPool(pool));
  }

  @Override
  public void clear(S response) {
    affinities.forEach(affinity -> affinity.clear(response));
  }

  @Override
  public ResponseStats responseStats() {
    return affinities.stream()
        .map(HttpAffinity::responseStats)
        .reduce(ResponseStats.NONE, ResponseStats::plus);
  }

  @Override
  public Supplier<ResponseStats> responses() {
    List<Supplier<ResponseStats>> all =
        affinities.stream().map(HttpAffinity::responses).toList();
    return () -> all.stream().map(Supplier::get).reduce(ResponseStats.NONE, ResponseStats::plus);
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    for (int i = 0; i < affinities.size(); i++) {
      affinities.get(i).onResponse(request, route.seenBy(i), response);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    for (int i = 0; i < affinities.size(); i++) {
      FieldAffinity.onResponse(affinities.get(i), exchange, route.seenBy(i), response);
    }
  }

  @Override
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    return inTurn(route, (affinity, seen) -> affinity.onResponseAsync(request, seen, response));
  }

  @Override
  CompletionStage<Void> onResponseAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    return inTurn(
        route,
        (affinity, seen) -> FieldAffinity.onResponseAsync(affinity, exchange, seen, response));
  }

  /** Lets the affinities handle a response one after the other, because each may change it. */
  private CompletionStage<Void> inTurn(
      Route route, BiFunction<HttpAffinity<Q, S>, Route, CompletionStage<Void>> handling) {
    CompletionStage<Void> done = DONE;
    for (int i = 0; i < affinities.size(); i++) {
      HttpAffinity<Q, S> affinity = affinities.get(i);
      Route seen = route.seenBy(i);
      done = DONE.equals(done)
          ? handling.apply(affinity, seen)
          : done.thenCompose(heard -> handling.apply(affinity, seen));
    }
    return done;
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return fieldsToBackend(request, messages.cookies(request));
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    return changed(
        cookies, (affinity, left) -> FieldAffinity.fieldsToBackend(affinity, request, left));
  }

  @Override
  Map<String, List<String>> fieldsToBackend(StickyExchange<Q, S> exchange, List<String> cookies) {
    return changed(
        cookies, (affinity, left) -> FieldAffinity.fieldsToBackend(affinity, exchange, left));
  }

  /**
   * {@return the fields that all affinities change}
   *
   * @param changing returns the changes of an affinity, for the cookies that others left
   */
  private Map<String, List<String>> changed(
      List<String> cookies,
      BiFunction<HttpAffinity<Q, S>, List<String>, Map<String, List<String>>> changing) {
    Map<String, List<String>> changed = Map.of();
    for (HttpAffinity<Q, S> affinity : embeddersFirst) {
      List<String> left = changed.getOrDefault(Messages.COOKIE, cookies);
      Map<String, List<String>> more = changing.apply(affinity, left);
      boolean only = changed.isEmpty() && affinity instanceof FieldAffinity<?, ?>;
      changed = only ? more : merged(changed, more);
    }
    return changed;
  }

  /** {@return fields by names in any case} */
  private static Map<String, List<String>> merged(
      Map<String, List<String>> changed, Map<String, List<String>> more) {
    if (more.isEmpty()) {
      return changed;
    }
    Map<String, List<String>> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    merged.putAll(changed);
    merged.putAll(more);
    return merged;
  }

  /** {@return the affinities in their order} */
  @Override
  public String toString() {
    return affinities.toString();
  }
}
