package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Picker.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a request to a route: it asks the affinities and the pool, applies the {@link Decision},
 * and makes the binding that it returns. Updates no statistics. Thread-safe.
 */
final class RequestResolver<R> {
  private final Pool pool;
  private final AffinityPart<R>[] parts;
  private final Decision decision;
  private final boolean returns;
  private final KeyExtractor<? super R> balanceBy;
  private final KeyHasher balanceHasher;

  RequestResolver(RouterBuilder<R, ?> settings, LongAdder abandoned) {
    Affinity<? super R> affinity = settings.affinity;
    Environment own = affinity.environment();
    this.pool = settings.pool;
    this.returns = settings.returns;
    this.parts = AffinityPart.all(affinity, pool, returns, abandoned);
    this.decision = new Decision(
        settings.rules(), affinity.learns() ? Purpose.MAY_BEGIN_SESSION : Purpose.NO_SESSION);
    this.balanceBy = settings.balanceBy;
    this.balanceHasher = ((own != null) ? own : pool.environment()).hasher();
  }

  /** Makes a copy of a resolver for requests of another type. */
  <Q> RequestResolver(
      RequestResolver<Q> same,
      Affinity<? super R> affinity,
      Function<? super R, ? extends Q> request,
      LongAdder abandoned) {
    KeyExtractor<? super Q> extractor = same.balanceBy;
    this.pool = same.pool;
    this.returns = same.returns;
    this.parts = AffinityPart.all(affinity, pool, returns, abandoned);
    this.decision = same.decision;
    this.balanceBy = (form, hasher) -> extractor.key(request.apply(form), hasher);
    this.balanceHasher = same.balanceHasher;
  }

  Route resolve(R request) {
    NextStep step = begin(request);
    while (step instanceof BindAttempt first) {
      step = passOn(request, finish(first));
    }
    return (Route) step;
  }

  Route resolveAgain(R request, Route failed, Reason reason) {
    return finish(beginAgain(request, failed, reason));
  }

  CompletionStage<Route> resolveAgainAsync(R request, Route failed, Reason reason) {
    return finishAsync(beginAgain(request, failed, reason));
  }

  /**
   * Asks shared tables for a session that they may have, if a later affinity of the chain already
   * has a live binding for the request or ends the search. Without this, that would win over a
   * binding that another process made.
   *
   * @return a stage that completes when they have answered; null if there is nothing to ask
   */
  @Nullable
  CompletionStage<?> askBefore(R request) {
    if (parts.length == 1) {
      return null;
    }
    PoolSnapshot now = pool.snapshot();
    List<AffinityPart<R>> unknowing = new ArrayList<>();
    for (AffinityPart<R> part : parts) {
      Recall recall = part.peek(request, now);
      if (recall.isBound() || recall.isFinal()) {
        return unknowing.isEmpty() ? null : askAll(request, unknowing);
      }
      if (part.isShared() && recall.reason() != Reason.NO_KEY) {
        unknowing.add(part);
      }
    }
    return null;
  }

  private static <R> CompletionStage<?> askAll(R request, List<AffinityPart<R>> parts) {
    return CompletableFuture.allOf(parts.stream()
        .map(part -> part.find(request).toCompletableFuture())
        .toArray(CompletableFuture<?>[]::new));
  }

  /**
   * {@return the route of a request, or the first binding to attempt} Does not wait for a store.
   */
  NextStep begin(R request) {
    PoolSnapshot now = pool.snapshot();
    for (AffinityPart<R> part : parts) {
      Route open = part.keepOpen(request, now);
      if (open != null) {
        return open;
      }
      Recall recall = part.recall(request, now);
      Route kept = keep(request, recall, part, now);
      if (kept != null) {
        return kept;
      }
      if (recall.isBound() || recall.isFinal() || parts.length == 1) {
        return passOn(request, place(request, part, recall, now, KeyExtractor.NONE));
      }
    }
    NextStep placed = placeAfter(request, null);
    return (placed != null) ? passOn(request, placed) : unbound(request, Reason.NO_KEY);
  }

  /** Passes a session that an affinity cannot bind to the next one that can. */
  private NextStep passOn(R request, NextStep placed) {
    NextStep step = placed;
    while (step instanceof Route route && parts.length > 1 && route.isFallback()) {
      NextStep next = placeAfter(request, route);
      if (next == null) {
        return route;
      }
      step = next;
    }
    return step;
  }

  /** {@return the key by the last affinity up to a position that finds one, or none} */
  private long lastKey(R request, int position) {
    long key = KeyExtractor.NONE;
    for (int i = position; i >= 0 && key == KeyExtractor.NONE; i--) {
      key = parts[i].key(request);
    }
    return key;
  }

  /**
   * Decides the next step of a session that no affinity knows.
   *
   * @param passed the route by the affinity before, which is then not used; null if absent
   * @return null if no affinity after it finds a session in the request
   */
  private @Nullable NextStep placeAfter(R request, @Nullable Route passed) {
    PoolSnapshot now = pool.snapshot();
    int position = (passed == null) ? -1 : passed.affinity();
    for (int i = position + 1; i < parts.length; i++) {
      Recall recall = parts[i].peek(request, now);
      if (recall.reason() != Reason.NO_KEY) {
        giveBackProbe(passed);
        return place(request, parts[i], recall, now, lastKey(request, position));
      }
    }
    return null;
  }

  private static void giveBackProbe(@Nullable Route unused) {
    Member member = (unused == null) ? null : unused.member();
    if (member != null) {
      member.giveBackProbe();
    }
  }

  private NextStep beginAgain(R request, Route failed, Reason reason) {
    AffinityPart<R> part = parts[failed.affinity()];
    long hashKey = lastKey(request, failed.affinity() - 1);
    RoutingAttempt session = session(request, part, hashKey, failed, reason);
    Judgement now = judge(snapshot -> part.peek(request, snapshot), pool.snapshot());
    return decision.again(failed, now.recall(), session, now.by());
  }

  Route unbound(R request, Reason reason) {
    return decision.unbound(balanceKey(request), reason, pool.snapshot());
  }

  Recall peek(R request) {
    Recall unbound = Recall.none(Reason.NO_KEY);
    for (AffinityPart<R> part : parts) {
      Recall recall = peek(request, part);
      if (recall.isBound() || recall.isFinal()) {
        return recall;
      }
      unbound = (unbound.reason() == Reason.NO_KEY) ? recall : unbound;
    }
    return unbound;
  }

  private Recall peek(R request, AffinityPart<R> part) {
    return judge(snapshot -> part.peek(request, snapshot), pool.snapshot()).recall();
  }

  boolean unbind(R request) {
    boolean unbound = false;
    for (AffinityPart<R> part : parts) {
      unbound |= unbind(request, part);
    }
    return unbound;
  }

  private boolean unbind(R request, AffinityPart<R> part) {
    long key = part.key(request);
    boolean keptByRoute = part.isKeptByRoute(request, pool.snapshot());
    boolean letGo = part.letGo(key);
    String tried = null;
    String name = peek(request, part).name();
    while (name != null && !name.equals(tried)) {
      if (part.affinity().unbind(key, name)) {
        part.letGo(key);
        return true;
      }
      tried = name;
      name = peek(request, part).name();
    }
    return keptByRoute && letGo;
  }

  /** {@return a route that holds the acquired connection} */
  Route hold(R request, Route acquired, Member member) {
    return parts[acquired.affinity()].hold(request, acquired, member);
  }

  /** Records a use of every session that has an open route. */
  void renewOpenSessions() {
    for (AffinityPart<R> part : parts) {
      part.renewOpenSessions();
    }
  }

  private @Nullable Route keep(R request, Recall recall, AffinityPart<R> part, PoolSnapshot now) {
    Route kept = decision.kept(recall, part.position());
    Member member = recall.member();
    if (kept == null || member == null || (returns && part.returns(request, member, now))) {
      return null;
    }
    if (now.chargesHits()) {
      member.load().charge();
    }
    return kept;
  }

  /** {@return the route of a bound session that probes its ejected backend, or null} */
  private @Nullable Route probe(Recall recall, AffinityPart<R> part) {
    Member member = recall.member();
    Member probe = (member == null) ? null : member.probe(decision.probeWait(part.position()));
    return (probe == null) ? null : probe.kept(part.position());
  }

  /**
   * Decides the next step of a session that does not simply stay on its backend.
   *
   * @param hashKey the key for hashing if the session has none, or none
   */
  private NextStep place(
      R request, AffinityPart<R> part, Recall first, PoolSnapshot judged, long hashKey) {
    PoolSnapshot now = pool.snapshot();
    Judgement last = (now == judged)
        ? new Judgement(first, now)
        : judge(snapshot -> part.recall(request, snapshot), now);
    Route kept = keep(request, last.recall(), part, last.by());
    if (kept == null) {
      kept = probe(last.recall(), part);
    }
    if (kept != null) {
      return kept;
    }
    RoutingAttempt session = session(request, part, hashKey, null, null);
    Member left = last.recall().member();
    if (left != null && left.acceptsBound()) {
      return decision.returned(left, session, last.by());
    }
    boolean byOther = hashKey != KeyExtractor.NONE && session.key() == KeyExtractor.NONE;
    Recall recall = byOther ? hashed(last.recall()) : last.recall();
    if (!decision.wantsPlace(recall, session) || !last.by().hasRoom()) {
      return decision.first(recall, session, last.by());
    }
    return part.affinity().admits(request, session.key())
        ? decideAdmitted(session.asAdmitted(), recall, last.by())
        : decision.overQuota(session, last.by());
  }

  private static Recall hashed(Recall recall) {
    Reason reason = recall.reason();
    return (reason == null || recall.isBound()) ? recall : Recall.hashed(reason);
  }

  /**
   * Decides the next step of an admitted session. Its admission ends with the bind attempt, or here
   * without one.
   */
  private NextStep decideAdmitted(RoutingAttempt session, Recall recall, PoolSnapshot now) {
    boolean goesOn = false;
    try {
      NextStep step = decision.first(recall, session, now);
      goesOn = step instanceof BindAttempt;
      return step;
    } finally {
      if (!goesOn) {
        affinity(session).endAdmission(session.key());
      }
    }
  }

  /**
   * Finds a session with a snapshot that is still current afterwards. With an older one, a backend
   * that has been added since would seem to be gone.
   */
  private Judgement judge(Function<PoolSnapshot, Recall> recalling, PoolSnapshot first) {
    PoolSnapshot now = first;
    while (true) {
      Recall recall = recalling.apply(now);
      PoolSnapshot after = pool.snapshot();
      if (after == now) {
        return new Judgement(recall, now);
      }
      now = after;
    }
  }

  private record Judgement(Recall recall, PoolSnapshot by) {}

  private Route finish(NextStep step) {
    if (!(step instanceof BindAttempt first)) {
      return done(step);
    }
    try {
      return bindAll(first);
    } finally {
      endAdmission(first.session());
    }
  }

  private Route bindAll(BindAttempt first) {
    NextStep step = first;
    while (step instanceof BindAttempt p) {
      step = next(p, bind(p));
    }
    return done(step);
  }

  private Bound bind(BindAttempt p) {
    try {
      return affinity(p.session())
          .bind(p.session().key(), p.expected(), p.candidate().name(), p.byHash());
    } catch (RuntimeException | Error e) {
      p.candidate().giveBackProbe();
      throw e;
    }
  }

  /** Continues from the result of {@link #begin}, and asks the shared store. */
  CompletionStage<Route> resolveAsync(R request, NextStep begun) {
    return (begun instanceof BindAttempt first)
        ? finishAsync(first).thenCompose(route -> resolveAsync(request, passOn(request, route)))
        : CompletableFuture.completedStage((Route) begun);
  }

  private CompletionStage<Route> finishAsync(NextStep step) {
    return (step instanceof BindAttempt first)
        ? bindAllAsync(first).whenComplete((route, thrown) -> endAdmission(first.session()))
        : CompletableFuture.completedStage(done(step));
  }

  private CompletionStage<Route> bindAllAsync(NextStep step) {
    return (step instanceof BindAttempt p)
        ? bindAsync(p)
            .whenComplete((bound, thrown) -> giveBackIf(thrown != null, p))
            .thenCompose(bound -> bindAllAsync(next(p, bound)))
        : CompletableFuture.completedStage(done(step));
  }

  private static void giveBackIf(boolean failed, BindAttempt p) {
    if (failed) {
      p.candidate().giveBackProbe();
    }
  }

  /** Binds with the affinity, and turns what it throws into a failed stage. */
  private CompletionStage<Bound> bindAsync(BindAttempt p) {
    try {
      return requireNonNull(
          affinity(p.session())
              .bindAsync(p.session().key(), p.expected(), p.candidate().name(), p.byHash()),
          "bound");
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /**
   * Decides the step after a bind. If the session has moved, open routes to its earlier backend no
   * longer keep its binding.
   */
  private NextStep next(BindAttempt p, Bound bound) {
    if (bound.status() == Bound.Status.STORED && p.expected() != null) {
      parts[p.session().affinity()].letGo(p.session().key());
    }
    giveBackIf(!mayStillTake(p, bound), p); // so that the next candidate may probe
    NextStep next = decision.next(p, bound, pool.snapshot());
    giveBackIf(!isFor(p.candidate(), next), p);
    return next;
  }

  /** Returns whether the session may be served by the candidate of an attempt. */
  private static boolean mayStillTake(BindAttempt p, Bound bound) {
    return bound.status() == Bound.Status.STORED
        || (bound.status() == Bound.Status.ABSENT && p.expected() != null);
  }

  private static boolean isFor(Member candidate, NextStep next) {
    return (next instanceof Route route && route.member() == candidate)
        || (next instanceof BindAttempt attempt && attempt.candidate() == candidate);
  }

  private void endAdmission(RoutingAttempt session) {
    if (session.admitted()) {
      affinity(session).endAdmission(session.key());
    }
  }

  private Affinity<? super R> affinity(RoutingAttempt session) {
    return parts[session.affinity()].affinity();
  }

  private Route done(NextStep step) {
    return (step instanceof Rollback rollback) ? rollBack(rollback) : (Route) step;
  }

  private Route rollBack(Rollback rollback) {
    Affinity<? super R> affinity = parts[rollback.affinity()].affinity();
    if (rollback.found() == null) {
      affinity.unbind(rollback.key(), rollback.expected());
    } else {
      affinity.bind(rollback.key(), rollback.expected(), rollback.found(), true);
    }
    return rollback.route();
  }

  private RoutingAttempt session(
      R request,
      AffinityPart<R> part,
      long hashKey,
      @Nullable Route failed,
      @Nullable Reason failure) {
    long key = part.key(request);
    long balanceKey = (key != KeyExtractor.NONE) ? KeyExtractor.NONE : hashKey;
    if (key == KeyExtractor.NONE && hashKey == KeyExtractor.NONE) {
      balanceKey = balanceKey(request);
    }
    return new RoutingAttempt(part.position(), key, balanceKey, failed, failure, null);
  }

  private long balanceKey(R request) {
    long key = balanceBy.key(request, balanceHasher);
    return (key == KeyExtractor.UNUSABLE) ? KeyExtractor.NONE : key;
  }
}
