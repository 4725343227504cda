package dev.limpet.core;

import dev.limpet.core.Bound.Status;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Groups of sessions, none of which has more live bindings in a table than its cap. Thread-safe. */
final class Groups {
  /*
   * Bindings renew themselves and expire in silence, and only the table knows. So a group remembers which keys
   * it admitted, and at its cap drops those that the table does not have. Keys are remembered from the
   * admission on, and bound under the group's lock: a key that was admitted and is not yet bound is pending, and
   * is not dropped until it is too late for it to be bound. What was not admitted is not bound.
   *
   * Each admission looks at a few groups, in turn, and drops those without a live binding; so there are few
   * more groups than have one.
   *
   * Who was admitted, but is found neither pending nor bound, is served by hash and must come back so. Its group
   * may have retired, so all remember it.
   */

  private static final int RESTS_PER_DURATION = 64;
  private static final int VISITS_PER_ADMISSION = 4;
  private static final int RECORDS_PER_MEMORY = 1024;

  private final StickyTable table;
  private final int cap;
  private final long memory;
  private final long rest;
  private final NewRate rate;
  private final Map<Long, Group> groups = new ConcurrentHashMap<>();
  private final Map<Long, Reservation> pending = new ConcurrentHashMap<>();
  private Iterator<Map.Entry<Long, Group>> visits = groups.entrySet().iterator();

  /**
   * Makes no groups.
   *
   * @param cap how many live bindings a group may have
   * @param duration how long a binding lives and a rejection is remembered at least, in nanoseconds
   */
  Groups(StickyTable table, int cap, long duration, NewRate rate) {
    this.table = table;
    this.cap = cap;
    this.memory = duration;
    this.rest = duration / RESTS_PER_DURATION;
    this.rate = rate;
  }

  /** {@return whether a session may be bound: soon, and once} */
  boolean admits(long group, long key, long now) {
    if (pending.containsKey(key) || table.peek(key) != null) {
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
    Reservation reservation = pending.get(key);
    return (reservation == null)
        ? found(key, now)
        : reservation.group().bind(key, reservation, candidate, byHash, now);
  }

  /** {@return how many groups are remembered} */
  int size() {
    return groups.size();
  }

  private Bound found(long key, long now) {
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

  /** That a key may be bound. */
  private record Reservation(Group group, long at) {}

  /** The keys of a group. */
  private final class Group {
    private final KeySet keys = new KeySet();
    private long prunedAt;
    private boolean retired;
    private volatile long fullUntil;
    private volatile long hashUntil;

    /** {@return whether another binding may come; where it is clear that none may, without a lock} */
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
      if (pending.putIfAbsent(key, new Reservation(this, now)) == null) {
        keys.add(key);
      }
      return Answer.ADMITTED;
    }

    synchronized Bound bind(
        long key, Reservation reservation, String candidate, boolean byHash, long now) {
      if (!reservation.equals(pending.get(key))) {
        return found(key, now);
      }
      if (!byHash && (wantsHash(now) || rate.wantsHash(now))) {
        return Bound.HASH_WANTED;
      }
      Bound bound = table.bind(key, null, candidate, byHash);
      if (bound.status() != Status.HASH_WANTED) {
        pending.remove(key);
      }
      if (bound.status() == Status.FULL) {
        keys.remove(key);
      }
      return bound;
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
      Reservation reservation = pending.get(key);
      if (reservation == null || reservation.group() != this) {
        return false;
      }
      boolean late = now - reservation.at() >= rest;
      if (late) {
        pending.remove(key);
      }
      return !late;
    }
  }
}
