package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Picker.Purpose;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds out where a request goes: asks the affinity and the pool what is known, lets the {@link Decision} judge,
 * and binds what it says. Counts nothing. Thread-safe.
 */
final class Placement<R> {
  private final Pool pool;
  private final Affinity<? super R> affinity;
  private final Decision decision;
  private final KeyExtractor<? super R> balanceBy;
  private final KeyHasher balanceHasher;

  Placement(StickyRouterBuilder<R> builder) {
    this.pool = builder.pool;
    this.affinity = builder.affinity;
    this.decision = new Decision(
        builder.failover, affinity.learns() ? Purpose.MAY_BEGIN_SESSION : Purpose.NO_SESSION);
    this.balanceBy = builder.balanceBy;
    this.balanceHasher = builder.balanceHasher;
  }

  Route first(R request) {
    return settled(begin(request));
  }

  Route again(R request, Route failed, Reason reason) {
    return settled(beginAgain(request, failed, reason));
  }

  CompletionStage<Route> first(R request, AsyncBinder binder) {
    return settled(begin(request), binder);
  }

  CompletionStage<Route> again(R request, Route failed, Reason reason, AsyncBinder binder) {
    return settled(beginAgain(request, failed, reason), binder);
  }

  /** {@return where a request stands after all that takes no time} */
  Step begin(R request) {
    PoolSnapshot now = pool.snapshot();
    Recall recall = affinity.recall(request, now);
    Route kept = kept(recall, now);
    return (kept != null) ? kept : place(request, recall, now);
  }

  private Step beginAgain(R request, Route failed, Reason reason) {
    Session session = session(request, failed, reason);
    Judged now = judge(snapshot -> affinity.peek(request, snapshot), pool.snapshot());
    return decision.again(failed, now.recall(), session, now.by());
  }

  Route ignoring(R request) {
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

  private @Nullable Route kept(Recall recall, PoolSnapshot now) {
    Route kept = decision.kept(recall);
    if (kept != null && now.chargesHits() && recall.member() != null) {
      recall.member().load().charge();
    }
    return kept;
  }

  /** A session that is not simply kept. */
  private Step place(R request, Recall first, PoolSnapshot judged) {
    PoolSnapshot now = pool.snapshot();
    Judged last = (now == judged)
        ? new Judged(first, now)
        : judge(snapshot -> affinity.recall(request, snapshot), now);
    Route kept = kept(last.recall(), last.by());
    if (kept != null) {
      return kept;
    }
    Session session = session(request, null, null);
    if (!decision.wantsPlace(last.recall(), session) || !last.by().hasRoom()) {
      return decision.first(last.recall(), session, last.by());
    }
    return affinity.admits(request, session.key())
        ? admitted(session.asAdmitted(), last)
        : decision.overQuota(session, last.by());
  }

  /** A session whose admission goes on where there is something to bind, and ends there; else it ends here. */
  private Step admitted(Session session, Judged now) {
    boolean goesOn = false;
    try {
      Step step = decision.first(now.recall(), session, now.by());
      goesOn = step instanceof Proposal;
      return step;
    } finally {
      if (!goesOn) {
        affinity.endAdmission(session.key());
      }
    }
  }

  /**
   * Recalls a session by a snapshot that is still current afterwards: by an older one a backend that was
   * added since would be gone.
   */
  private Judged judge(Function<PoolSnapshot, Recall> recalling, PoolSnapshot first) {
    PoolSnapshot now = first;
    while (true) {
      Recall recall = recalling.apply(now);
      PoolSnapshot after = pool.snapshot();
      if (after == now) {
        return new Judged(recall, now);
      }
      now = after;
    }
  }

  private record Judged(Recall recall, PoolSnapshot by) {}

  private Route settled(Step step) {
    if (!(step instanceof Proposal first)) {
      return done(step);
    }
    try {
      return bound(first);
    } finally {
      endAdmission(first.session());
    }
  }

  private Route bound(Proposal first) {
    Step step = first;
    while (step instanceof Proposal p) {
      Bound bound =
          affinity.bind(p.session().key(), p.expected(), p.candidate().name(), p.byHash());
      step = decision.next(p, bound, pool.snapshot());
    }
    return done(step);
  }

  CompletionStage<Route> settled(Step step, AsyncBinder binder) {
    return (step instanceof Proposal first)
        ? bound(first, binder).whenComplete((route, thrown) -> endAdmission(first.session()))
        : CompletableFuture.completedStage(done(step));
  }

  private CompletionStage<Route> bound(Step step, AsyncBinder binder) {
    return (step instanceof Proposal p)
        ? bind(p, binder)
            .thenCompose(bound -> bound(decision.next(p, bound, pool.snapshot()), binder))
        : CompletableFuture.completedStage(done(step));
  }

  /** What the binder throws at once is what it would answer. */
  private CompletionStage<Bound> bind(Proposal p, AsyncBinder binder) {
    try {
      return requireNonNull(
          affinity.bindAsync(
              p.session().key(), p.expected(), p.candidate().name(), p.byHash(), binder),
          "bound");
    } catch (RuntimeException | Error e) {
      return CompletableFuture.failedStage(e);
    }
  }

  private void endAdmission(Session session) {
    if (session.admitted()) {
      affinity.endAdmission(session.key());
    }
  }

  private Route done(Step step) {
    return (step instanceof Restore restore) ? restored(restore) : (Route) step;
  }

  private Route restored(Restore restore) {
    if (restore.found() == null) {
      affinity.unbind(restore.key(), restore.expected());
    } else {
      affinity.bind(restore.key(), restore.expected(), restore.found(), true);
    }
    return restore.route();
  }

  private Session session(R request, @Nullable Route failed, @Nullable Reason failure) {
    long key = affinity.key(request);
    long balanceKey = (key != KeyExtractor.NONE) ? KeyExtractor.NONE : balanceKey(request);
    return new Session(key, balanceKey, failed, failure, null);
  }

  private long balanceKey(R request) {
    return balanceBy.key(request, balanceHasher);
  }
}
