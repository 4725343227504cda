package dev.limpet.examples.gateway;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Member;
import dev.limpet.core.NanoClock;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.ResponseStats;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * An affinity that has replaced others of another type. A session that it does not know keeps the
 * backend that a valid token of its predecessors names, and is bound anew at once. Safe for use by
 * many threads at once.
 *
 * <p>A predecessor places sessions for one of its durations after it was replaced. Its tokens never
 * reach a backend, even after that: an application must not see what a client keeps for longer.
 */
final class SuccessorAffinity<Q, S> extends ForwardingAffinity<Q> implements HttpAffinity<Q, S> {
  /*
   * The binding of a placed session is made in the table itself, without the quota and without a
   * response that begins the session: the token proves that the session began before. If there is
   * no table, the response carries the binding, because the outcome is KEPT and the client has no
   * valid token of the present type.
   */

  private final HttpAffinity<Q, S> now;
  private final List<Predecessor<Q, S>> before;
  private final boolean places;
  private final NanoClock clock;
  private final HttpAffinity<Q, S> all;

  private SuccessorAffinity(
      HttpAffinity<Q, S> now, List<Predecessor<Q, S>> before, boolean places, NanoClock clock) {
    super(now);
    this.now = now;
    this.before = before;
    this.places = places;
    this.clock = clock;
    this.all = before.stream().map(Predecessor::affinity).reduce(now, HttpAffinity<Q, S>::orElse);
  }

  /**
   * Returns an affinity with its predecessors, or itself if there are none.
   *
   * @param places whether sessions are sticky now, so that predecessors may place them
   */
  static <Q, S> HttpAffinity<Q, S> of(
      HttpAffinity<Q, S> now, List<Predecessor<Q, S>> before, boolean places, NanoClock clock) {
    return before.isEmpty() ? now : new SuccessorAffinity<>(now, before, places, clock);
  }

  /** Returns the present affinity, without the predecessors. */
  HttpAffinity<Q, S> present() {
    return now;
  }

  /**
   * Returns the type of the predecessor that places the session of a request; null if the session is
   * bound by the present type, or no predecessor places it.
   *
   * @param request the request; only peeked at
   */
  @SuppressWarnings("unchecked") // requests of a listener all have one type
  @Nullable
  StickyType placedBy(Object request, PoolSnapshot pool) {
    Predecessor<Q, S> placing =
        isBound(now.peek((Q) request, pool)) ? null : placing((Q) request, pool);
    return (placing == null) ? null : placing.sticky().type();
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    Recall own = now.recall(request, pool);
    Member placed = isBound(own) ? null : placed(request, pool);
    return (placed == null) ? own : bound(request, placed, pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    Recall own = now.peek(request, pool);
    Member placed = isBound(own) ? null : placed(request, pool);
    return (placed == null) ? own : placed.recall();
  }

  private static boolean isBound(Recall recall) {
    return recall.member() != null || recall.name() != null;
  }

  /** Returns the backend that a predecessor's token names, if it serves bound sessions. */
  private @Nullable Member placed(Q request, PoolSnapshot pool) {
    Predecessor<Q, S> placing = placing(request, pool);
    return (placing == null) ? null : placing.affinity().peek(request, pool).member();
  }

  private @Nullable Predecessor<Q, S> placing(Q request, PoolSnapshot pool) {
    for (Predecessor<Q, S> predecessor : before) {
      if (mayPlace(predecessor)) {
        Member member = predecessor.affinity().peek(request, pool).member();
        if (member != null && member.acceptsBound()) {
          return predecessor;
        }
      }
    }
    return null;
  }

  private boolean mayPlace(Predecessor<Q, S> predecessor) {
    return places && clock.nanos() - predecessor.until() < 0;
  }

  private Recall bound(Q request, Member member, PoolSnapshot pool) {
    StickyTable table = now.table();
    long key = (table == null) ? KeyExtractor.NONE : now.key(request);
    if (table == null || key == KeyExtractor.NONE) {
      return member.recall();
    }
    Bound bound = table.bind(key, null, member.name(), true);
    String name = bound.name();
    return (name == null) ? member.recall() : Recall.of(name, pool);
  }

  @Override
  public long key(Q request) {
    return now.key(request);
  }

  @Override
  public long tableKey(Q request) {
    return now.tableKey(request);
  }

  @Override
  public boolean admits(Q request, long key) {
    return now.admits(request, key);
  }

  /** A session that a token placed may have no key yet, and moves nevertheless. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return isKeyless(key) ? Bound.NOT_KEPT : super.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return isKeyless(key)
        ? CompletableFuture.completedStage(Bound.NOT_KEPT)
        : super.bindAsync(key, expected, candidate, byHash);
  }

  private boolean isKeyless(long key) {
    return key == KeyExtractor.NONE && now.table() != null;
  }

  /** Returns the sessions of a backend, including those that tokens of predecessors still place. */
  @Override
  public Remaining remaining(String name) {
    Remaining remaining = now.remaining(name);
    for (Predecessor<Q, S> predecessor : before) {
      if (mayPlace(predecessor)) {
        remaining = remaining.plus(predecessor.affinity().remaining(name));
      }
    }
    return remaining;
  }

  @Override
  public HttpAccess<Q, S> access() {
    return now.access();
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    now.onResponse(request, route, response);
  }

  @Override
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    return now.onResponseAsync(request, route, response);
  }

  @Override
  public void clear(S response) {
    now.clear(response);
    before.forEach(predecessor -> predecessor.affinity().clear(response));
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return all.fieldsToBackend(request);
  }

  @Override
  public int statusWithoutBackend(Route route) {
    return now.statusWithoutBackend(route);
  }

  @Override
  public void checkPool(Pool pool) {
    all.checkPool(pool);
  }

  @Override
  public ResponseStats responseStats() {
    return now.responseStats();
  }
}
