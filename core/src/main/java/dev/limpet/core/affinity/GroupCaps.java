package dev.limpet.core.affinity;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * GroupCaps of sessions, none of which has more live bindings in a table than its cap. Thread-safe.
 */
final class GroupCaps {
  /*
   * Bindings renew themselves and expire in silence, and only the table knows. So a group remembers
   * which keys it admitted, and at its cap drops those that the table does not have. Keys are
   * remembered from the admission on, and bound under the group's lock: a key that was admitted is
   * pending, and is not dropped, until the requests it was admitted for have been placed, or it is
   * too late for it to be bound. It is never too late while a place that takes time is asked,
   * whatever became of the key meanwhile. What was not admitted is not bound.
   *
   * Each admission looks at a few groups, in turn, and drops those without a live binding; so there
   * are few more groups than have one.
   *
   * Who was admitted, but is found neither pending nor bound, is served by hash and must come back
   * so. Its group may have retired, so all remember it.
   */

  private static final int RESTS_PER_DURATION = 64;
  private static final int VISITS_PER_ADMISSION = 4;
  private static final int RECORDS_PER_MEMORY = 1024;

  private final StickyTable table;
  private final int cap;
  private final long memory;
  private final long rest;
  private final NewSessionRate rate;
  private final Map<Long, Group> groups = new ConcurrentHashMap<>();
  private final Map<Long, Reservation<Group>> pending = new ConcurrentHashMap<>();
  private Iterator<Map.Entry<Long, Group>> visits = groups.entrySet().iterator();

  /**
   * Makes no groups.
   *
   * @param cap how many live bindings a group may have
   * @param duration how long a binding lives and a rejection is remembered at least, in nanoseconds
   */
  GroupCaps(StickyTable table, int cap, long duration, NewSessionRate rate) {
    this.table = table;
    this.cap = cap;
    this.memory = duration;
    this.rest = duration / RESTS_PER_DURATION;
    this.rate = rate;
  }

  /**
   * {@return whether a session may be bound: soon, once, and until {@link #end} is called as often
   * as this was true}
   */
  boolean admits(long group, long key, long now) {
    if (joins(key) || table.peek(key) != null) {
      return true;
    }
    Group present = groups.get(group);
    if ((present != null && !present.hasRoom(now)) || !rate.admits(now)) {
      return false;
    }
    boolean admitted = reserve(group, key, now);
    visitSome(now);
    return admitted;
  }

  /** {@return whether an unknown session of a group may be one that was rejected} */
  boolean wantsHash(long group, long now) {
    Group present = groups.get(group);
    return rate.wantsHash(now) || (present != null && present.wantsHash(now));
  }

  /** Remembers that a session of any group was served by hash, and may come again. */
  void remember(long now) {
    rate.remember(now);
  }

  /** Binds a session if it was admitted. */
  Bound bind(long key, String candidate, boolean byHash, long now) {
    Reservation<Group> reservation = pending.get(key);
    return (reservation == null)
        ? findBound(key, now)
        : reservation.group().bind(key, candidate, byHash, now);
  }

  /** Binds a session, if it was admitted, at a place that takes time. */
  CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash, long now) {
    Reservation<Group> reservation = pending.get(key);
    return (reservation == null)
        ? bindUnreserved(key, candidate, byHash, now)
        : reservation.group().bindAsync(key, candidate, byHash, now);
  }

  /**
   * What is bound here already counts, so the place may be asked; it may have forgotten what is
   * known here.
   */
  private CompletionStage<Bound> bindUnreserved(
      long key, String candidate, boolean byHash, long now) {
    return (table.peek(key) != null)
        ? table.bindAsync(key, null, candidate, byHash)
        : CompletableFuture.completedStage(findBound(key, now));
  }

  /** A request that was admitted has been placed. */
  void end(long key) {
    change(key, Reservation::left);
  }

  /** {@return how many groups are remembered} */
  int size() {
    return groups.size();
  }

  /** {@return how many sessions are admitted for requests that have not been placed} */
  int pending() {
    return pending.size();
  }

  private boolean joins(long key) {
    return change(key, Reservation::joined);
  }

  private boolean change(long key, UnaryOperator<Reservation<Group>> change) {
    Reservation<Group> reservation = pending.get(key);
    return reservation != null && reservation.group().change(key, change);
  }

  private Bound findBound(long key, long now) {
    String name = table.lookup(key);
    if (name != null) {
      return Bound.held(name);
    }
    remember(now);
    return Bound.NOT_KEPT;
  }

  private boolean reserve(long number, long key, long now) {
    while (true) {
      Group group = groups.computeIfAbsent(number, n -> new Group());
      Answer answer = group.reserve(key, now);
      if (answer != Answer.RETIRED) {
        return answer == Answer.ADMITTED;
      }
      groups.remove(number, group);
    }
  }

  private void visitSome(long now) {
    for (int i = 0; i < VISITS_PER_ADMISSION; i++) {
      Map.Entry<Long, Group> next = nextVisit();
      if (next != null && next.getValue().retires(now)) {
        groups.remove(next.getKey(), next.getValue());
      }
    }
  }

  private synchronized Map.@Nullable Entry<Long, Group> nextVisit() {
    if (!visits.hasNext()) {
      visits = groups.entrySet().iterator();
    }
    return visits.hasNext() ? visits.next() : null;
  }

  /** What a group says to a new session; a retired one must not be used any more. */
  private enum Answer {
    ADMITTED,
    REJECTED,
    RETIRED
  }

  /** The keys of a group. */
  private final class Group {
    private final LongHashSet keys = new LongHashSet();
    private long prunedAt;
    private boolean retired;
    private volatile long fullUntil;
    private volatile long hashUntil;

    /**
     * {@return whether another binding may come; where it is clear that none may, without a lock}
     */
    boolean hasRoom(long now) {
      if (now >= fullUntil) {
        return makesRoom(now);
      }
      remember(now);
      return false;
    }

    boolean wantsHash(long now) {
      return now < hashUntil;
    }

    /** Makes a session pending, unless another thread has. */
    synchronized Answer reserve(long key, long now) {
      if (retired || !makesRoom(now)) {
        return retired ? Answer.RETIRED : Answer.REJECTED;
      }
      pruneIfFull(now);
      if (pending.putIfAbsent(key, Reservation.of(this, now)) == null) {
        keys.add(key);
      } else {
        change(key, Reservation::joined);
      }
      return Answer.ADMITTED;
    }

    synchronized Bound bind(long key, String candidate, boolean byHash, long now) {
      Bound refusal = refusal(key, byHash, now);
      if (refusal != null) {
        return refusal;
      }
      Bound bound = table.bind(key, null, candidate, byHash);
      settle(key, bound);
      return bound;
    }

    CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash, long now) {
      if (mustHash(byHash, now)) {
        return CompletableFuture.completedStage(Bound.HASH_WANTED);
      }
      if (!change(key, Reservation::asking)) {
        return bindUnreserved(key, candidate, byHash, now);
      }
      try {
        return table
            .bindAsync(key, null, candidate, byHash)
            .whenComplete((bound, thrown) -> end(key, bound));
      } catch (RuntimeException | Error e) {
        end(key, null);
        throw e;
      }
    }

    private synchronized void end(long key, @Nullable Bound bound) {
      if (bound != null) {
        settle(key, bound);
      }
      change(key, Reservation::answered);
    }

    /** {@return why a key is not bound now, or null if it may be} */
    private @Nullable Bound refusal(long key, boolean byHash, long now) {
      if (reservation(key) == null) {
        return findBound(key, now);
      }
      return mustHash(byHash, now) ? Bound.HASH_WANTED : null;
    }

    private boolean mustHash(boolean byHash, long now) {
      return !byHash && (wantsHash(now) || rate.wantsHash(now));
    }

    private void settle(long key, Bound bound) {
      if (bound.name() != null) {
        change(key, Reservation::bound);
      }
    }

    /**
     * {@return whether there was a reservation to change} One that is over goes, and its key too
     * unless that was bound.
     */
    synchronized boolean change(long key, UnaryOperator<Reservation<Group>> change) {
      Reservation<Group> present = reservation(key);
      if (present == null) {
        return false;
      }
      Reservation<Group> next = change.apply(present);
      if (next.isOver()) {
        pending.remove(key);
        if (!next.isBound()) {
          keys.remove(key);
          fullUntil = 0;
        }
      } else {
        pending.put(key, next);
      }
      return true;
    }

    private @Nullable Reservation<Group> reservation(long key) {
      Reservation<Group> present = pending.get(key);
      return (present != null && present.group() == this) ? present : null;
    }

    /** Retires if there is no live binding and nothing to remember. */
    synchronized boolean retires(long now) {
      if (now - prunedAt >= rest) {
        prune(now);
      }
      retired = keys.size() == 0 && !wantsHash(now);
      return retired;
    }

    private synchronized boolean makesRoom(long now) {
      if (keys.size() == cap && now - prunedAt >= rest) {
        fullUntil = now + rest; // others need not wait
        prune(now);
      }
      if (keys.size() < cap) {
        fullUntil = 0;
        return true;
      }
      fullUntil = prunedAt + rest;
      remember(now);
      return false;
    }

    /** Writes seldom, for the sake of other readers. */
    private void remember(long now) {
      if (hashUntil < now + memory) {
        rememberUntil(now + memory + memory / RECORDS_PER_MEMORY + 1);
      }
    }

    private synchronized void rememberUntil(long until) {
      hashUntil = Math.max(hashUntil, until);
    }

    private void pruneIfFull(long now) {
      if (keys.isFull()) {
        prune(now);
      }
    }

    private void prune(long now) {
      prunedAt = now;
      keys.retainIf(key -> mayLive(key, now));
    }

    private boolean mayLive(long key, long now) {
      return isPending(key, now) || table.peek(key) != null;
    }

    private boolean isPending(long key, long now) {
      Reservation<Group> reservation = reservation(key);
      if (reservation == null) {
        return false;
      }
      boolean late = reservation.binds() == 0 && now - reservation.at() >= rest;
      if (late) {
        pending.remove(key);
      }
      return !late;
    }
  }
}
