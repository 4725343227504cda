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
import java.util.function.Supplier;
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
   * If requests may begin sessions of the present type, a placed session is bound as theirs are,
   * within the quota. If only responses begin them, its binding is made in the table itself: the
   * token proves that some session began before. But it does not prove that the present key is that
   * session's, and a client may invent keys without end. So tokens bind only a part of the table,
   * and a token that anyone can make binds nothing. A session that is not bound is still placed,
   * for as long as its token is asked.
   *
   * If there is no table, the response carries the binding, because the outcome is KEPT and the
   * client has no valid token of the present type.
   */

  private final HttpAffinity<Q, S> now;
  private final List<Predecessor<Q, S>> before;
  private final boolean places;
  private final NanoClock clock;
  private final TokenBindings tokens;
  private final HttpAffinity<Q, S> all;

  private SuccessorAffinity(
      HttpAffinity<Q, S> now,
      List<Predecessor<Q, S>> before,
      boolean places,
      NanoClock clock,
      TokenBindings tokens) {
    super(now);
    this.now = now;
    this.before = before;
    this.places = places;
    this.clock = clock;
    this.tokens = tokens;
    this.all = before.stream().map(Predecessor::affinity).reduce(now, HttpAffinity<Q, S>::orElse);
  }

  /**
   * Returns an affinity with its predecessors, or itself if there are none.
   *
   * @param places whether sessions are sticky now, so that predecessors may place them
   * @param tokens what tokens have bound in the present table
   */
  static <Q, S> HttpAffinity<Q, S> of(
      HttpAffinity<Q, S> now,
      List<Predecessor<Q, S>> before,
      boolean places,
      NanoClock clock,
      TokenBindings tokens) {
    return before.isEmpty() ? now : new SuccessorAffinity<>(now, before, places, clock, tokens);
  }

  /** Returns the present affinity, without the predecessors. */
  HttpAffinity<Q, S> present() {
    return now;
  }

  /**
   * Returns the type of the predecessor that places the session of a request; null if the session
   * is bound by the present type, or no predecessor places it.
   *
   * @param request the request; only peeked at
   */
  @SuppressWarnings("unchecked") // requests of a listener all have one type
  @Nullable
  StickyType placedBy(Object request, PoolSnapshot pool) {
    Placing<Q, S> placing =
        isBound(now.peek((Q) request, pool)) ? null : placing((Q) request, pool);
    return (placing == null) ? null : placing.by().sticky().type();
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    Recall own = now.recall(request, pool);
    Placing<Q, S> placing = isBound(own) ? null : placing(request, pool);
    return (placing == null) ? own : bound(request, placing, pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    Recall own = now.peek(request, pool);
    Placing<Q, S> placing = isBound(own) ? null : placing(request, pool);
    return (placing == null) ? own : placing.member().recall();
  }

  private static boolean isBound(Recall recall) {
    return recall.member() != null || recall.name() != null;
  }

  /** Returns the first predecessor whose token names a backend that serves bound sessions. */
  private @Nullable Placing<Q, S> placing(Q request, PoolSnapshot pool) {
    for (Predecessor<Q, S> predecessor : before) {
      if (mayPlace(predecessor)) {
        Member member = predecessor.affinity().peek(request, pool).member();
        if (member != null && member.acceptsBound()) {
          return new Placing<>(predecessor, member);
        }
      }
    }
    return null;
  }

  private boolean mayPlace(Predecessor<Q, S> predecessor) {
    return places && clock.nanos() - predecessor.until() < 0;
  }

  private Recall bound(Q request, Placing<Q, S> placing, PoolSnapshot pool) {
    String name = bind(request, placing).name();
    return (name == null) ? placing.member().recall() : Recall.of(name, pool);
  }

  private Bound bind(Q request, Placing<Q, S> placing) {
    StickyTable table = now.table();
    long key = (table == null) ? KeyExtractor.NONE : now.key(request);
    if (table == null || key == KeyExtractor.NONE) {
      return Bound.NOT_KEPT;
    }
    String name = placing.member().name();
    if (!now.learns()) {
      return bindByRequest(request, key, name);
    }
    return placing.isAuthentic() ? tokens.bind(table, key, name) : Bound.NOT_KEPT;
  }

  /** Binds a session as a request without a token begins one. */
  private Bound bindByRequest(Q request, long key, String name) {
    if (!now.admits(request, key)) {
      return Bound.NOT_KEPT;
    }
    try {
      return now.bind(key, null, name, true);
    } finally {
      now.endAdmission(key);
    }
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

  @Override
  public Supplier<ResponseStats> responses() {
    return now.responses();
  }

  /** A predecessor that places a session at a member. */
  private record Placing<Q, S>(Predecessor<Q, S> by, Member member) {
    boolean isAuthentic() {
      return StickyKinds.hasAuthenticTokens(by.sticky());
    }
  }
}
