package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Picker.Purpose;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a request goes: asks the affinity and the pool what is known, lets the {@link
 * Decision} judge, and binds what it says. Counts nothing. Thread-safe.
 */
final class RequestResolver<R> {
  private final Pool pool;
  private final Affinity<? super R> affinity;
  private final Decision decision;
  private final KeyExtractor<? super R> balanceBy;
  private final KeyHasher balanceHasher;

  RequestResolver(RouterBuilder<R, ?> settings) {
    this.pool = settings.pool;
    this.affinity = settings.affinity;
    this.decision = new Decision(
        settings.failover, affinity.learns() ? Purpose.MAY_BEGIN_SESSION : Purpose.NO_SESSION);
    this.balanceBy = settings.balanceBy;
    Environment own = affinity.environment();
    this.balanceHasher = ((own != null) ? own : pool.environment()).hasher();
  }

  Route resolve(R request) {
    return finish(begin(request));
  }

  Route resolveAgain(R request, Route failed, Reason reason) {
    return finish(beginAgain(request, failed, reason));
  }

  CompletionStage<Route> resolveAgainAsync(R request, Route failed, Reason reason) {
    return finishAsync(beginAgain(request, failed, reason));
  }

  /** {@return where a request stands after all that takes no time} */
  NextStep begin(R request) {
    PoolSnapshot now = pool.snapshot();
    Recall recall = affinity.recall(request, now);
    Route kept = keep(recall, now);
    return (kept != null) ? kept : place(request, recall, now);
  }

  private NextStep beginAgain(R request, Route failed, Reason reason) {
    RoutingAttempt session = session(request, failed, reason);
    Judgement now = judge(snapshot -> affinity.peek(request, snapshot), pool.snapshot());
    return decision.again(failed, now.recall(), session, now.by());
  }

  Route unbound(R request) {
    return decision.unbound(balanceKey(request), Reason.IGNORED, pool.snapshot());
  }

  Recall peek(R request) {
    return judge(snapshot -> affinity.peek(request, snapshot), pool.snapshot()).recall();
  }

  boolean unbind(R request) {
    long key = affinity.key(request);
    String tried = null;
    String name = peek(request).name();
    while (name != null && !name.equals(tried)) {
      if (affinity.unbind(key, name)) {
        return true;
      }
      tried = name;
      name = peek(request).name();
    }
    return false;
  }

  private @Nullable Route keep(Recall recall, PoolSnapshot now) {
    Route kept = decision.kept(recall);
    if (kept != null && now.chargesHits() && recall.member() != null) {
      recall.member().load().charge();
    }
    return kept;
  }

  /** A session that is not simply kept. */
  private NextStep place(R request, Recall first, PoolSnapshot judged) {
    PoolSnapshot now = pool.snapshot();
    Judgement last = (now == judged)
        ? new Judgement(first, now)
        : judge(snapshot -> affinity.recall(request, snapshot), now);
    Route kept = keep(last.recall(), last.by());
    if (kept != null) {
      return kept;
    }
    RoutingAttempt session = session(request, null, null);
    if (!decision.wantsPlace(last.recall(), session) || !last.by().hasRoom()) {
      return decision.first(last.recall(), session, last.by());
    }
    return affinity.admits(request, session.key())
        ? decideAdmitted(session.asAdmitted(), last)
        : decision.overQuota(session, last.by());
  }

  /**
   * A session whose admission goes on where there is something to bind, and ends there; else it
   * ends here.
   */
  private NextStep decideAdmitted(RoutingAttempt session, Judgement now) {
    boolean goesOn = false;
    try {
      NextStep step = decision.first(now.recall(), session, now.by());
      goesOn = step instanceof BindAttempt;
      return step;
    } finally {
      if (!goesOn) {
        affinity.endAdmission(session.key());
      }
    }
  }

  /**
   * Recalls a session by a snapshot that is still current afterwards: by an older one a backend
   * that was added since would be gone.
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
      Bound bound =
          affinity.bind(p.session().key(), p.expected(), p.candidate().name(), p.byHash());
      step = decision.next(p, bound, pool.snapshot());
    }
    return done(step);
  }

  CompletionStage<Route> finishAsync(NextStep step) {
    return (step instanceof BindAttempt first)
        ? bindAllAsync(first).whenComplete((route, thrown) -> endAdmission(first.session()))
        : CompletableFuture.completedStage(done(step));
  }

  private CompletionStage<Route> bindAllAsync(NextStep step) {
    return (step instanceof BindAttempt p)
        ? bindAsync(p).thenCompose(bound -> bindAllAsync(decision.next(p, bound, pool.snapshot())))
        : CompletableFuture.completedStage(done(step));
  }

  /** What the affinity throws at once is what it would answer. */
  private CompletionStage<Bound> bindAsync(BindAttempt p) {
    try {
      return requireNonNull(
          affinity.bindAsync(p.session().key(), p.expected(), p.candidate().name(), p.byHash()),
          "bound");
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void endAdmission(RoutingAttempt session) {
    if (session.admitted()) {
      affinity.endAdmission(session.key());
    }
  }

  private Route done(NextStep step) {
    return (step instanceof Rollback rollback) ? rollBack(rollback) : (Route) step;
  }

  private Route rollBack(Rollback rollback) {
    if (rollback.found() == null) {
      affinity.unbind(rollback.key(), rollback.expected());
    } else {
      affinity.bind(rollback.key(), rollback.expected(), rollback.found(), true);
    }
    return rollback.route();
  }

  private RoutingAttempt session(R request, @Nullable Route failed, @Nullable Reason failure) {
    long key = affinity.key(request);
    long balanceKey = (key != KeyExtractor.NONE) ? KeyExtractor.NONE : balanceKey(request);
    return new RoutingAttempt(key, balanceKey, failed, failure, null);
  }

  private long balanceKey(R request) {
    return balanceBy.key(request, balanceHasher);
  }
}
