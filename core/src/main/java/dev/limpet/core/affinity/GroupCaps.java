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
 * The caps of groups of sessions: no group has more live bindings in a table than its cap.
 * Thread-safe.
 */
final class GroupCaps {
  /*
   * Uses renew bindings and time ends them without notice; only the table knows. So a group
   * remembers the keys that it admitted, and when it reaches its cap, it drops those that the table
   * no longer has. A key is remembered from its admission on, and is bound under the group's lock.
   * An admitted key is pending, and is not dropped, until all requests that it was admitted for
   * have been routed, or until it is too late to bind it. It is never too late while an
   * asynchronous bind is under way, whatever happens to the key in the meantime. A key that was not
   * admitted is not bound.
   *
   * Each admission visits a few groups in turn and drops those without a live binding. So there are
   * only a few more groups than groups with live bindings.
   *
   * A session that was admitted, but is found neither pending nor bound, falls back to hashing, and
   * must do so again when it returns. Its group may have been dropped, so this is remembered for
   * all groups.
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
   * Starts without groups.
   *
   * @param cap the maximum number of live bindings of a group
   * @param duration how long a binding lives and, at least, how long a rejection is remembered, in
   *     nanoseconds
   */
  GroupCaps(StickyTable table, int cap, long duration, NewSessionRate rate) {
    this.table = table;
    this.cap = cap;
    this.memory = duration;
    this.rest = duration / RESTS_PER_DURATION;
    this.rate = rate;
  }

  /**
   * Returns whether a session may be bound. An admission is valid for one binding, which must
   * follow soon, and until {@link #end} has been called once for each true answer.
   */
  boolean admits(long group, long key, long now) {
    if (join(key) || table.peek(key) != null) {
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

  /** Returns whether an unknown session of a group may be one that was rejected. */
  boolean wantsHash(long group, long now) {
    Group present = groups.get(group);
    return rate.wantsHash(now) || (present != null && present.wantsHash(now));
  }

  /** Remembers that a session of some group fell back to hashing, and may return. */
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

  /** Binds a session if it was admitted, in a table that may take time to answer. */
  CompletionStage<Bound> bindAsync(long key, String candidate, boolean byHash, long now) {
    Reservation<Group> reservation = pending.get(key);
    return (reservation == null)
        ? bindUnreserved(key, candidate, byHash, now)
        : reservation.group().bindAsync(key, candidate, byHash, now);
  }

  /**
   * Asks the table only if the key is bound in this process, because such a binding is counted
   * already. The store may have lost a binding that this process knows.
   */
  private CompletionStage<Bound> bindUnreserved(
      long key, String candidate, boolean byHash, long now) {
    return (table.peek(key) != null)
        ? table.bindAsync(key, null, candidate, byHash)
        : CompletableFuture.completedStage(findBound(key, now));
  }

  /** Ends an admission: the request has been routed. */
  void end(long key) {
    change(key, Reservation::left);
  }

  /** {@return the number of groups that are remembered} */
  int size() {
    return groups.size();
  }

  /**
   * {@return the number of sessions that are admitted for requests that have not been routed yet}
   */
  int pending() {
    return pending.size();
  }

  private boolean join(long key) {
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
      if (next != null && next.getValue().tryRetire(now)) {
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

  /** A group's answer to a new session. A group that was removed must not be used any more. */
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
     * Returns whether the group can take another binding. Takes no lock while it is known that it
     * cannot.
     */
    boolean hasRoom(long now) {
      if (now >= fullUntil) {
        return makeRoom(now);
      }
      remember(now);
      return false;
    }

    boolean wantsHash(long now) {
      return now < hashUntil;
    }

    /** Makes a session pending, unless another thread has done so. */
    synchronized Answer reserve(long key, long now) {
      if (retired || !makeRoom(now)) {
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

    /** {@return the reason not to bind a key now; null if it may be bound} */
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
     * Changes a reservation, if there is one, and returns whether there was. Removes a reservation
     * that is over, and also its key unless the key was bound.
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

    /**
     * Removes the group if it has no live binding and nothing to remember. Returns whether it did.
     */
    synchronized boolean tryRetire(long now) {
      if (now - prunedAt >= rest) {
        prune(now);
      }
      retired = keys.size() == 0 && !wantsHash(now);
      return retired;
    }

    private synchronized boolean makeRoom(long now) {
      if (keys.size() == cap && now - prunedAt >= rest) {
        fullUntil = now + rest; // spares other threads the wait
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

    /** Writes seldom, so that other threads can read from their caches. */
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
