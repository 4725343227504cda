package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Picker.Purpose;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules that decide where a request goes, from what is known of its session and the backends at
 * one moment. It binds nothing, but returns the binding to make.
 */
final class Decision {
  private static final Duration BOUND_PROBE_WAIT = Duration.ofSeconds(1);

  private final SessionRules[] rules;
  private final Purpose keyless;

  /**
   * Makes the rules.
   *
   * @param rules the rules for the sessions of each affinity, by its position
   * @param keyless the purpose of picks for requests without a key
   */
  Decision(List<SessionRules> rules, Purpose keyless) {
    this.rules = rules.toArray(SessionRules[]::new);
    this.keyless = keyless;
  }

  /**
   * {@return the route of a session whose backend can serve it; null if there is more to decide}
   *
   * @param affinity the position of the affinity that found the session
   */
  @Nullable
  Route kept(Recall recall, int affinity) {
    Member member = recall.member();
    return (member != null && member.acceptsBound()) ? member.kept(affinity) : null;
  }

  /**
   * Decides the first step of a session that returns to an earlier tier, if that has room. A
   * session that cannot continue on another backend stays.
   */
  NextStep returned(Member member, RoutingAttempt session, PoolSnapshot pool) {
    RoutingAttempt found = session.withFound(member.name());
    Member choice =
        rules(session).refusesGone() ? null : pool.chooseServing(session.choiceKey(), null);
    return (choice == null || choice.backend().tier() >= member.backend().tier())
        ? member.kept(session.affinity())
        : new BindAttempt(
            found, pool, member.name(), choice, true, Outcome.MOVED, Reason.EARLIER_TIER);
  }

  /** Decides the first step of a request whose session does not simply stay on its backend. */
  NextStep first(Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    RoutingAttempt found = session.withFound(recall.name());
    Member member = recall.member();
    if (member != null) {
      return unavailable(member, found, pool);
    }
    if (recall.isRefused()) {
      return refused(reason(recall), session);
    }
    if (recall.reason() == Reason.BACKEND_GONE) {
      return gone(recall.name(), found, pool);
    }
    if (recall.hasNoKey()) {
      return unbound(session.choiceKey(), reason(recall), pool);
    }
    Member candidate = recall.byHash()
        ? choice(session, pool)
        : pool.pick(session.choiceKey(), Purpose.NEW_SESSION);
    return propose(candidate, recall.byHash(), null, Outcome.NEW, recall.reason(), session, pool);
  }

  /** Returns whether a session is not bound and would take a slot. */
  boolean wantsPlace(Recall recall, RoutingAttempt session) {
    return recall.member() == null
        && recall.reason() != Reason.BACKEND_GONE
        && !recall.isRefused()
        && session.key() != KeyExtractor.NONE;
  }

  /** Decides the route of a session that a quota rejected. */
  Route overQuota(RoutingAttempt session, PoolSnapshot pool) {
    return served(choice(session, pool), Outcome.HASHED, Reason.OVER_QUOTA, session, pool);
  }

  /** Decides the route of a request for which stickiness is ignored, or that has no session. */
  Route unbound(long balanceKey, Reason reason, PoolSnapshot pool) {
    Member member = pool.pick(balanceKey, keyless);
    if (member == null) {
      return new Route(null, Outcome.NO_BACKEND, whyNone(reason, pool), null, null);
    }
    return (reason == Reason.NO_KEY)
        ? member.unbound()
        : new Route(member, Outcome.UNBOUND, reason, null, null);
  }

  /**
   * Decides the next step after a backend could not be reached or was at capacity.
   *
   * @param recall the session's binding now
   * @param session the session, with the failed route and the reason of the failure
   */
  NextStep again(Route failed, Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    Member tried = failed.member();
    if (tried == null) {
      throw new IllegalArgumentException(
          "failed: " + failed + " (expected: a route with a backend)");
    }
    Reason reason = failure(session);
    Outcome outcome = failed.outcome();
    if (failed.reason() == Reason.EARLIER_TIER) {
      return back(tried.name(), reason, session.withFound(failed.found()), pool);
    }
    return switch (outcome) {
      case NEW, MOVED ->
        rebind(tried.name(), outcome, reason, session.withFound(failed.found()), pool);
      case KEPT -> left(tried.name(), recall, keptFrom(failed, session, tried), pool);
      default -> served(choice(session, pool), outcome, reason, session, pool);
    };
  }

  /** Decides the next step of a session that could not return to an earlier tier. */
  private static NextStep back(
      String tried, Reason reason, RoutingAttempt session, PoolSnapshot pool) {
    Member own = (session.found() == null) ? null : pool.member(session.found());
    return (own != null && own.acceptsBound())
        ? propose(own, true, tried, Outcome.MOVED, reason, session, pool)
        : rebind(tried, Outcome.MOVED, reason, session, pool);
  }

  /** Decides the next step after an attempt to bind. */
  NextStep next(BindAttempt proposal, Bound bound, PoolSnapshot now) {
    String name = bound.name();
    String own = proposal.expected();
    if (own != null && proposal.reason() == Reason.EARLIER_TIER && isNotStored(bound)) {
      return held(own, proposal.session(), now);
    }
    return switch (bound.status()) {
      case STORED -> confirmed(proposal, now);
      case HELD ->
        held((name == null) ? proposal.candidate().name() : name, proposal.session(), now);
      case ABSENT ->
        (proposal.expected() == null) ? full(proposal, now) : proposal.withExpected(null);
      case FULL -> full(proposal, now);
      case NOT_KEPT -> hashed(proposal.reason(), proposal, now);
      case UNAVAILABLE -> unanswered(proposal, now);
      case HASH_WANTED -> proposal.byHash() ? full(proposal, now) : byHash(proposal, now);
    };
  }

  /** Returns whether a binding could not be stored, for no reason of the session. */
  private static boolean isNotStored(Bound bound) {
    return switch (bound.status()) {
      case NOT_KEPT, UNAVAILABLE, FULL -> true;
      case STORED, HELD, ABSENT, HASH_WANTED -> false;
    };
  }

  private Route full(BindAttempt proposal, PoolSnapshot now) {
    return hashed(Reason.TABLE_FULL, proposal, now);
  }

  private Route hashed(@Nullable Reason reason, BindAttempt proposal, PoolSnapshot now) {
    RoutingAttempt session = proposal.session();
    return served(choice(session, now), Outcome.HASHED, reason, session, now);
  }

  /** Decides the route of a session that only the silent store may know. */
  private Route unanswered(BindAttempt proposal, PoolSnapshot now) {
    return rules(proposal.session()).refusesGone()
        ? refused(Reason.STORE_UNAVAILABLE, proposal.session())
        : hashed(Reason.STORE_UNAVAILABLE, proposal, now);
  }

  private static NextStep byHash(BindAttempt proposal, PoolSnapshot now) {
    Member choice = choice(proposal.session(), now);
    if (choice == null) {
      return served(null, proposal.outcome(), proposal.reason(), proposal.session(), now);
    }
    return proposal.withChoice(choice, now);
  }

  /**
   * Confirms a binding, unless its backend no longer accepted new sessions when it was stored. In
   * that case the session is bound to another backend.
   */
  private static NextStep confirmed(BindAttempt proposal, PoolSnapshot now) {
    RoutingAttempt session = proposal.session();
    Member candidate = proposal.candidate();
    String stored = candidate.name();
    Member member = (now == proposal.pool()) ? candidate : now.forNew(candidate);
    if (member != null) {
      return new Route(
          member,
          proposal.outcome(),
          proposal.reason(),
          session.failed(),
          session.found(),
          session.affinity());
    }
    Member other = choice(session, now);
    if (other == null) {
      Route none = served(null, proposal.outcome(), proposal.reason(), session, now);
      return new Rollback(session.affinity(), session.key(), stored, session.found(), none);
    }
    return proposal.withExpected(stored).withChoice(other, now);
  }

  /** Decides the next step of a session that another thread bound first. */
  private NextStep held(String name, RoutingAttempt session, PoolSnapshot now) {
    Member member = now.member(name);
    Route failed = session.failed();
    if (member == null) {
      return gone(name, foundAt(name, session), now);
    }
    if (failed != null && failed.leadsTo(name)) {
      return displaced(name, failure(session), failover(session), foundAt(name, session), now);
    }
    if (!member.acceptsBound()) {
      return unavailable(member, foundAt(name, session), now);
    }
    return (failed == null)
        ? member.kept(session.affinity())
        : new Route(
            member, Outcome.KEPT, session.failure(), failed, session.found(), session.affinity());
  }

  /**
   * Decides the next step of a bound session whose backend could not be reached. It may have been
   * bound to another backend since.
   */
  private NextStep left(String tried, Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    String now = recall.name();
    if (now != null && !now.equals(tried)) {
      return held(now, session, pool);
    }
    if (pool.member(tried) == null) {
      return gone(tried, session, pool);
    }
    return displaced(tried, failure(session), failover(session), session, pool);
  }

  /** Decides the next step of a session whose backend is down or ejected. */
  private NextStep unavailable(Member member, RoutingAttempt session, PoolSnapshot pool) {
    Ejection ejection = member.ejection();
    boolean lends = ejection != null && failover(session) == Failover.MOVE && ejection.isInGrace();
    Failover failover = lends ? Failover.LEND : failover(session);
    return displaced(member.name(), member.unavailability(), failover, session, pool);
  }

  /** Decides the next step of a session whose backend is in the pool but cannot serve it. */
  private static NextStep displaced(
      String name, Reason reason, Failover failover, RoutingAttempt session, PoolSnapshot pool) {
    return switch (failover) {
      case MOVE -> rebind(name, Outcome.MOVED, reason, session, pool);
      case LEND -> served(choice(session, pool), Outcome.LENT, reason, session, pool);
      case STRICT -> refused(reason, session);
    };
  }

  /** Decides the next step of a session whose backend has left the pool. */
  private NextStep gone(@Nullable String name, RoutingAttempt session, PoolSnapshot pool) {
    return rules(session).refusesGone()
        ? refused(Reason.BACKEND_GONE, session)
        : rebind(name, Outcome.MOVED, Reason.BACKEND_GONE, session, pool);
  }

  /**
   * {@return the time after an ejection in which new sessions probe the backend and bound ones do
   * not} Bound sessions would be refused anyway with {@link Failover#STRICT}.
   */
  Duration probeWait(int affinity) {
    return (rules[affinity].failover() == Failover.STRICT) ? Duration.ZERO : BOUND_PROBE_WAIT;
  }

  private Failover failover(RoutingAttempt session) {
    return rules(session).failover();
  }

  private SessionRules rules(RoutingAttempt session) {
    return rules[session.affinity()];
  }

  private static Route refused(Reason reason, RoutingAttempt session) {
    return new Route(null, Outcome.REFUSED, reason, session.failed(), null, session.affinity());
  }

  private static Reason reason(Recall recall) {
    return requireNonNull(recall.reason(), "reason");
  }

  /**
   * Binds a session to another backend. It is the rendezvous choice, so that parallel requests of
   * the session agree.
   */
  private static NextStep rebind(
      @Nullable String expected,
      Outcome outcome,
      Reason reason,
      RoutingAttempt session,
      PoolSnapshot pool) {
    return propose(choice(session, pool), true, expected, outcome, reason, session, pool);
  }

  private static NextStep propose(
      @Nullable Member candidate,
      boolean byHash,
      @Nullable String expected,
      Outcome outcome,
      @Nullable Reason reason,
      RoutingAttempt session,
      PoolSnapshot pool) {
    return (candidate == null)
        ? nothingLeft(outcome, reason, session, pool)
        : new BindAttempt(session, pool, expected, candidate, byHash, outcome, reason);
  }

  /**
   * Ends a request for which no backend is left, and restores the binding if this request changed
   * it.
   */
  private static NextStep nothingLeft(
      Outcome outcome, @Nullable Reason reason, RoutingAttempt session, PoolSnapshot pool) {
    Route failed = session.failed();
    Route none = served(null, outcome, reason, session, pool);
    Member tried = (failed == null) ? null : failed.member();
    if (failed == null
        || tried == null
        || (failed.outcome() != Outcome.NEW && failed.outcome() != Outcome.MOVED)) {
      return none;
    }
    return new Rollback(session.affinity(), session.key(), tried.name(), failed.found(), none);
  }

  private static Route served(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      RoutingAttempt session,
      PoolSnapshot pool) {
    return (member != null)
        ? new Route(member, outcome, reason, session.failed(), null, session.affinity())
        : new Route(
            null,
            Outcome.NO_BACKEND,
            whyNone(reason, pool),
            session.failed(),
            null,
            session.affinity());
  }

  private static @Nullable Reason whyNone(@Nullable Reason reason, PoolSnapshot pool) {
    return pool.isFull() ? Reason.BACKEND_FULL : reason;
  }

  private static @Nullable Member choice(RoutingAttempt session, PoolSnapshot pool) {
    return pool.choose(session.choiceKey(), session.failed(), session.found());
  }

  private static RoutingAttempt keptFrom(Route failed, RoutingAttempt session, Member tried) {
    return session.withFound((failed.found() != null) ? failed.found() : tried.name());
  }

  private static Reason failure(RoutingAttempt session) {
    return requireNonNull(session.failure(), "failure");
  }

  private static RoutingAttempt foundAt(String name, RoutingAttempt session) {
    return (session.found() != null) ? session : session.withFound(name);
  }
}
