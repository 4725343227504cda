package dev.limpet.core;

import dev.limpet.core.StickySession.Mode;

/**
 * What is known of one session from the answers to its requests, which one thread sends, and so
 * what the next answer may be. Knows nothing of tables.
 */
final class ChurnSession {
  /*
   * A request is answered at some moment between two readings of the clock and in some state of the
   * pool. What follows from every such moment is demanded; what holds for some of them only is let
   * pass. A use that took a 64th of the duration, because its thread was stopped meanwhile, need
   * not count.
   */

  final long key;
  private final Life life;

  private String home;
  private long usedFrom;
  private long usedTo;
  private long boundFrom;
  private long boundTo;

  private String hashedTo;
  private Object hashedAmong;
  private long hashedFrom;

  ChurnSession(long key, Life life) {
    this.key = key;
    this.life = life;
  }

  /** Takes note of an answer; throws if it is wrong. */
  void answered(Route route, Call call) {
    boolean alive = mustLive(call);
    String to = Routing.id(route);
    switch (route.outcome()) {
      case KEPT -> {
        demand(to.equals(home) && !mustBeDead(call), route, call);
        demand(call.pool.anyOf(call.first, call.last, s -> s.serving().contains(to)), route, call);
      }
      case MOVED -> {
        String left = home;
        demand(left != null && !mustBeDead(call), route, call);
        demand(
            call.pool.anyOf(call.first, call.last, s -> !s.serving().contains(left)), route, call);
        demandEligible(route, call);
        boundTo = alive ? boundTo : call.to;
      }
      case NEW -> {
        demand(!alive, route, call);
        demandEligible(route, call);
        demand(to.equals(hashedTo) || !remembersHash(call), route, call);
        boundFrom = call.from;
        boundTo = call.to;
      }
      case HASHED -> {
        demand(!alive, route, call);
        demandEligible(route, call);
        demand(to.equals(hashedTo) || !hashesAlike(call), route, call);
      }
      default -> demand(false, route, call);
    }
    remember(route.outcome() == Outcome.HASHED, to, call);
  }

  /** Takes note of an unbind; throws if its answer is wrong. */
  void unbound(boolean removed, Call call) {
    if (removed ? home == null || mustBeDead(call) : mustLive(call)) {
      throw new AssertionError(this + ": unbind answered " + removed + ", " + call);
    }
    home = null;
  }

  private void remember(boolean hashed, String to, Call call) {
    boolean slow = call.to - call.from >= life.duration / 64;
    usedFrom = (slow && to.equals(home)) ? usedFrom : call.from;
    home = hashed ? null : to;
    usedTo = call.to;
    hashedTo = hashed ? to : null;
    hashedAmong = hashed ? call.among() : null;
    hashedFrom = call.from;
  }

  private boolean mustLive(Call call) {
    return home != null
        && call.to - (life.sliding ? usedFrom : boundFrom) < life.duration - life.slack
        && call.to - boundFrom < life.max - life.slack;
  }

  private boolean mustBeDead(Call call) {
    long used = life.sliding ? usedTo : boundTo;
    return call.from - used >= life.duration + life.duration / 32 + life.slack
        || call.from - boundTo >= life.max + life.max / 32 + life.slack;
  }

  private boolean hashesAlike(Call call) {
    return hashedAmong != null && same(hashedAmong, call.among());
  }

  private boolean remembersHash(Call call) {
    return hashesAlike(call) && call.to - hashedFrom < life.duration - life.slack;
  }

  private void demandEligible(Route route, Call call) {
    String to = Routing.id(route);
    demand(call.pool.anyOf(call.first, call.last, s -> s.eligible().containsKey(to)), route, call);
  }

  private void demand(boolean holds, Route route, Call call) {
    if (!holds) {
      throw new AssertionError(this + ": answered " + route + ", " + call);
    }
  }

  @Override
  public String toString() {
    return "session " + key + " on " + home + ", used " + usedFrom + ".." + usedTo + ", bound "
        + boundFrom + ".." + boundTo + ", hashed to " + hashedTo;
  }

  /** {@return whether it is one set, not only an equal one that came to be again} */
  @SuppressWarnings("ReferenceEquality")
  private static boolean same(Object one, Object other) {
    return one == other;
  }

  /** How long sessions live, in nanoseconds, and how exactly time is known. */
  record Life(boolean sliding, long duration, long max, long slack) {
    static Life of(StickySession session) {
      long duration = session.duration().toNanos();
      long max = session.maxDuration() == null
          ? Long.MAX_VALUE / 2
          : session.maxDuration().toNanos();
      return new Life(session.mode() == Mode.SLIDING, duration, max, duration / 128);
    }
  }

  /** When a request was answered: two times, and two states of the pool. */
  record Call(ChurnPool pool, long from, long to, int first, int last) {
    /** {@return what took new sessions all the time; null if that changed} */
    Object among() {
      Object eligible = pool.eligible(first);
      return pool.anyOf(first, last, s -> !same(s.eligible(), eligible)) ? null : eligible;
    }

    @Override
    public String toString() {
      return "at " + from + ".." + to + ", in states " + first + ".." + last;
    }
  }
}
