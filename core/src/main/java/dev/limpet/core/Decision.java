package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * The rules: what a request gets, given what is known of its session and the backends of this moment.
 * Pure; it binds nothing, but says what is to be bound.
 */
final class Decision {
  private final Failover failover;

  Decision(Failover failover) {
    this.failover = failover;
  }

  /** Returns the route of a session whose backend can serve it, or null if there is more to decide. */
  @Nullable
  Route kept(Recall recall) {
    Member member = recall.member();
    return (member != null && member.acceptsBound()) ? member.kept() : null;
  }

  /** Decides on a request whose session is not simply kept. */
  Step first(Recall recall, long key, PoolSnapshot pool) {
    String name = recall.name();
    if (recall.member() != null && name != null) {
      return displaced(name, Reason.BACKEND_DOWN, new Session(key, null, name), pool);
    }
    Session session = new Session(key, null, name);
    if (recall.reason() == Reason.BACKEND_GONE) {
      return rebind(name, Outcome.MOVED, Reason.BACKEND_GONE, session, pool);
    }
    if (recall.reason() == Reason.NO_KEY) {
      return unbound(key, Reason.NO_KEY, pool);
    }
    return bind(recall, session, pool);
  }

  /** Decides on a request for which stickiness is ignored, or that belongs to no session. */
  Route unbound(long key, Reason reason, PoolSnapshot pool) {
    Member member = pool.pick(key);
    if (member != null && reason == Reason.NO_KEY) {
      return member.unbound();
    }
    return served(member, Outcome.UNBOUND, reason, null);
  }

  /** Decides where a request goes after a backend could not be reached. */
  Step again(Route failed, long key, PoolSnapshot pool) {
    Member tried = failed.member();
    if (tried == null) {
      throw new IllegalArgumentException(
          "failed: " + failed + " (expected: a route with a backend)");
    }
    Reason reason = Reason.CONNECT_FAILED;
    Outcome outcome = failed.outcome();
    return switch (outcome) {
      case NEW, MOVED ->
        rebind(tried.name(), outcome, reason, new Session(key, failed, failed.found()), pool);
      case KEPT -> displaced(tried.name(), reason, new Session(key, failed, tried.name()), pool);
      default -> served(pool.choose(key, failed), outcome, reason, failed);
    };
  }

  /** Decides what follows from an attempt to bind. */
  Step next(Proposal proposal, Bound bound, PoolSnapshot now) {
    String name = bound.name();
    return switch (bound.status()) {
      case STORED -> confirmed(proposal, now);
      case HELD -> held((name == null) ? proposal.candidate().name() : name, proposal, now);
      case FULL ->
        served(choice(proposal, now), Outcome.HASHED, Reason.TABLE_FULL, proposal.failed());
      case NOT_KEPT ->
        served(choice(proposal, now), Outcome.HASHED, proposal.reason(), proposal.failed());
      case HASH_WANTED ->
        propose(
            choice(proposal, now),
            true,
            proposal.expected(),
            proposal.outcome(),
            proposal.reason(),
            session(proposal),
            now);
    };
  }

  /** A backend that took no new sessions any more when the binding was made must not have it. */
  private Step confirmed(Proposal proposal, PoolSnapshot now) {
    Member member = now.member(proposal.candidate().name());
    if (member != null && (now == proposal.pool() || member.acceptsNew())) {
      return new Route(
          member, proposal.outcome(), proposal.reason(), proposal.failed(), proposal.found());
    }
    String stored = proposal.candidate().name();
    Member other = choice(proposal, now);
    if (other == null) {
      Route none = served(null, proposal.outcome(), proposal.reason(), proposal.failed());
      return new Restore(proposal.key(), stored, proposal.found(), none);
    }
    return propose(
        other, true, stored, proposal.outcome(), proposal.reason(), session(proposal), now);
  }

  /** Another thread bound the session first. */
  private Step held(String name, Proposal proposal, PoolSnapshot now) {
    Member member = now.member(name);
    Route failed = proposal.failed();
    Session session = new Session(proposal.key(), failed, name);
    if (member == null) {
      return rebind(name, Outcome.MOVED, Reason.BACKEND_GONE, session, now);
    }
    if (failed != null && failed.leadsTo(name)) {
      return displaced(name, Reason.CONNECT_FAILED, session, now);
    }
    if (!member.acceptsBound()) {
      return displaced(name, Reason.BACKEND_DOWN, session, now);
    }
    return (failed == null)
        ? member.kept()
        : new Route(member, Outcome.KEPT, Reason.CONNECT_FAILED, failed, null);
  }

  /** A session whose backend is in the pool but cannot serve it. */
  private Step displaced(String name, Reason reason, Session session, PoolSnapshot pool) {
    return switch (failover) {
      case MOVE -> rebind(name, Outcome.MOVED, reason, session, pool);
      case LEND ->
        served(
            pool.choose(session.key(), session.failed()), Outcome.LENT, reason, session.failed());
      case STRICT -> new Route(null, Outcome.REFUSED, reason, session.failed(), null);
    };
  }

  private Step bind(Recall recall, Session session, PoolSnapshot pool) {
    Member candidate =
        recall.byHash() ? pool.choose(session.key(), null) : pool.pick(session.key());
    return propose(candidate, recall.byHash(), null, Outcome.NEW, recall.reason(), session, pool);
  }

  /** Binds a session elsewhere: to the rendezvous choice, so that its parallel requests agree. */
  private Step rebind(
      @Nullable String expected,
      Outcome outcome,
      Reason reason,
      Session session,
      PoolSnapshot pool) {
    Member candidate = pool.choose(session.key(), session.failed());
    return propose(candidate, true, expected, outcome, reason, session, pool);
  }

  private Step propose(
      @Nullable Member candidate,
      boolean byHash,
      @Nullable String expected,
      Outcome outcome,
      @Nullable Reason reason,
      Session session,
      PoolSnapshot pool) {
    if (candidate == null) {
      return nothingLeft(outcome, reason, session);
    }
    return new Proposal(
        pool,
        session.key(),
        expected,
        candidate,
        byHash,
        outcome,
        reason,
        session.failed(),
        session.found());
  }

  /** Takes back what this request bound, if it did. */
  private static Step nothingLeft(Outcome outcome, @Nullable Reason reason, Session session) {
    Route failed = session.failed();
    Route none = served(null, outcome, reason, failed);
    Member tried = (failed == null) ? null : failed.member();
    if (failed == null
        || tried == null
        || (failed.outcome() != Outcome.NEW && failed.outcome() != Outcome.MOVED)) {
      return none;
    }
    return new Restore(session.key(), tried.name(), failed.found(), none);
  }

  private static Route served(
      @Nullable Member member, Outcome outcome, @Nullable Reason reason, @Nullable Route failed) {
    return new Route(member, (member == null) ? Outcome.NO_BACKEND : outcome, reason, failed, null);
  }

  private static @Nullable Member choice(Proposal proposal, PoolSnapshot now) {
    return now.choose(proposal.key(), proposal.failed());
  }

  private static Session session(Proposal proposal) {
    return new Session(proposal.key(), proposal.failed(), proposal.found());
  }

  /**
   * A session within one request.
   *
   * @param key its key
   * @param failed the route of this request that failed before, or null
   * @param found the name that it was bound to when nothing of it was this request's doing, or null
   */
  private record Session(
      long key, @Nullable Route failed, @Nullable String found) {}
}
