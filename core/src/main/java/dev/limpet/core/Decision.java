package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Picker.Purpose;
import org.jspecify.annotations.Nullable;

/**
 * The rules: what a request gets, given what is known of its session and the backends of this
 * moment. Pure; it binds nothing, but says what is to be bound.
 */
final class Decision {
  private final Failover failover;
  private final Purpose keyless;

  /**
   * Makes the rules.
   *
   * @param keyless what backends of requests without a key are picked for
   */
  Decision(Failover failover, Purpose keyless) {
    this.failover = failover;
    this.keyless = keyless;
  }

  /**
   * {@return the route of a session whose backend can serve it, or null if there is more to decide}
   */
  @Nullable
  Route kept(Recall recall) {
    Member member = recall.member();
    return (member != null && member.acceptsBound()) ? member.kept() : null;
  }

  /** Decides on a request whose session is not simply kept. */
  NextStep first(Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    RoutingAttempt found = session.withFound(recall.name());
    Member member = recall.member();
    if (member != null) {
      return displaced(member.name(), Reason.BACKEND_DOWN, found, pool);
    }
    if (recall.reason() == Reason.BACKEND_GONE) {
      return rebind(recall.name(), Outcome.MOVED, Reason.BACKEND_GONE, found, pool);
    }
    if (recall.reason() == Reason.NO_KEY) {
      return unbound(session.choiceKey(), Reason.NO_KEY, pool);
    }
    Member candidate = recall.byHash()
        ? choice(session, pool)
        : pool.pick(session.choiceKey(), Purpose.NEW_SESSION);
    return propose(candidate, recall.byHash(), null, Outcome.NEW, recall.reason(), session, pool);
  }

  /** {@return whether a session is bound to nothing, and its binding would be kept} */
  boolean wantsPlace(Recall recall, RoutingAttempt session) {
    return recall.member() == null
        && recall.reason() != Reason.BACKEND_GONE
        && session.key() != KeyExtractor.NONE;
  }

  /** Decides on a session that may not take a place. */
  Route overQuota(RoutingAttempt session, PoolSnapshot pool) {
    return served(choice(session, pool), Outcome.HASHED, Reason.OVER_QUOTA, null, pool);
  }

  /** Decides on a request for which stickiness is ignored, or that belongs to no session. */
  Route unbound(long balanceKey, Reason reason, PoolSnapshot pool) {
    Member member = pool.pick(balanceKey, keyless);
    if (member != null && reason == Reason.NO_KEY) {
      return member.unbound();
    }
    return served(member, Outcome.UNBOUND, reason, null, pool);
  }

  /**
   * Decides where a request goes after a backend could not be reached, or had no connection left.
   *
   * @param recall what is known of the session now
   * @param session with the failed route, and why it failed
   */
  NextStep again(Route failed, Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    Member tried = failed.member();
    if (tried == null) {
      throw new IllegalArgumentException(
          "failed: " + failed + " (expected: a route with a backend)");
    }
    Reason reason = failure(session);
    Outcome outcome = failed.outcome();
    return switch (outcome) {
      case NEW, MOVED ->
        rebind(tried.name(), outcome, reason, session.withFound(failed.found()), pool);
      case KEPT -> left(tried.name(), recall, keptFrom(failed, session, tried), pool);
      default -> served(choice(session, pool), outcome, reason, failed, pool);
    };
  }

  /** Decides what follows from an attempt to bind. */
  NextStep next(BindAttempt proposal, Bound bound, PoolSnapshot now) {
    String name = bound.name();
    return switch (bound.status()) {
      case STORED -> confirmed(proposal, now);
      case HELD ->
        held((name == null) ? proposal.candidate().name() : name, proposal.session(), now);
      case ABSENT ->
        (proposal.expected() == null) ? full(proposal, now) : proposal.withExpected(null);
      case FULL -> full(proposal, now);
      case NOT_KEPT -> hashed(proposal.reason(), proposal, now);
      case UNAVAILABLE -> hashed(Reason.STORE_UNAVAILABLE, proposal, now);
      case HASH_WANTED -> proposal.byHash() ? full(proposal, now) : byHash(proposal, now);
    };
  }

  private Route full(BindAttempt proposal, PoolSnapshot now) {
    return hashed(Reason.TABLE_FULL, proposal, now);
  }

  private Route hashed(@Nullable Reason reason, BindAttempt proposal, PoolSnapshot now) {
    RoutingAttempt session = proposal.session();
    return served(choice(session, now), Outcome.HASHED, reason, session.failed(), now);
  }

  private static NextStep byHash(BindAttempt proposal, PoolSnapshot now) {
    Member choice = choice(proposal.session(), now);
    if (choice == null) {
      return served(
          null, proposal.outcome(), proposal.reason(), proposal.session().failed(), now);
    }
    return proposal.withChoice(choice, now);
  }

  /** A backend that took no new sessions any more when the binding was made must not have it. */
  private static NextStep confirmed(BindAttempt proposal, PoolSnapshot now) {
    RoutingAttempt session = proposal.session();
    String stored = proposal.candidate().name();
    Member member = now.member(stored);
    if (member != null && (now == proposal.pool() || member.acceptsNew())) {
      return new Route(
          member, proposal.outcome(), proposal.reason(), session.failed(), session.found());
    }
    Member other = choice(session, now);
    if (other == null) {
      Route none = served(null, proposal.outcome(), proposal.reason(), session.failed(), now);
      return new Rollback(session.key(), stored, session.found(), none);
    }
    return proposal.withExpected(stored).withChoice(other, now);
  }

  /** Another thread bound the session first. */
  private NextStep held(String name, RoutingAttempt session, PoolSnapshot now) {
    Member member = now.member(name);
    Route failed = session.failed();
    if (member == null) {
      return rebind(name, Outcome.MOVED, Reason.BACKEND_GONE, foundAt(name, session), now);
    }
    if (failed != null && failed.leadsTo(name)) {
      return displaced(name, failure(session), foundAt(name, session), now);
    }
    if (!member.acceptsBound()) {
      return displaced(name, Reason.BACKEND_DOWN, foundAt(name, session), now);
    }
    return (failed == null)
        ? member.kept()
        : new Route(member, Outcome.KEPT, session.failure(), failed, session.found());
  }

  /**
   * A bound session whose backend could not be reached, unless it has been bound to another since.
   */
  private NextStep left(String tried, Recall recall, RoutingAttempt session, PoolSnapshot pool) {
    String now = recall.name();
    if (now != null && !now.equals(tried)) {
      return held(now, session, pool);
    }
    if (pool.member(tried) == null) {
      return rebind(tried, Outcome.MOVED, Reason.BACKEND_GONE, session, pool);
    }
    return displaced(tried, failure(session), session, pool);
  }

  /** A session whose backend is in the pool but cannot serve it. */
  private NextStep displaced(
      String name, Reason reason, RoutingAttempt session, PoolSnapshot pool) {
    return switch (failover) {
      case MOVE -> rebind(name, Outcome.MOVED, reason, session, pool);
      case LEND -> served(choice(session, pool), Outcome.LENT, reason, session.failed(), pool);
      case STRICT -> new Route(null, Outcome.REFUSED, reason, session.failed(), null);
    };
  }

  /** Binds a session elsewhere: to the rendezvous choice, so that its parallel requests agree. */
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

  /** Takes back what this request bound, if it did. */
  private static NextStep nothingLeft(
      Outcome outcome, @Nullable Reason reason, RoutingAttempt session, PoolSnapshot pool) {
    Route failed = session.failed();
    Route none = served(null, outcome, reason, failed, pool);
    Member tried = (failed == null) ? null : failed.member();
    if (failed == null
        || tried == null
        || (failed.outcome() != Outcome.NEW && failed.outcome() != Outcome.MOVED)) {
      return none;
    }
    return new Rollback(session.key(), tried.name(), failed.found(), none);
  }

  private static Route served(
      @Nullable Member member,
      Outcome outcome,
      @Nullable Reason reason,
      @Nullable Route failed,
      PoolSnapshot pool) {
    if (member != null) {
      return new Route(member, outcome, reason, failed, null);
    }
    Reason why = pool.isFull() ? Reason.BACKEND_FULL : reason;
    return new Route(null, Outcome.NO_BACKEND, why, failed, null);
  }

  private static @Nullable Member choice(RoutingAttempt session, PoolSnapshot pool) {
    return pool.choose(session.choiceKey(), session.failed());
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
