package dev.limpet.core;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The open routes of a pool that hold a connection. Thread-safe. */
final class HeldRoutes {
  /*
   * A route that is unreachable can no longer be closed, so its connection would count forever. Its
   * hold outlives it, because it is stored here, and the garbage collector queues it. The queue is
   * emptied before each routing decision and each count of a drain, so no thread is needed. A
   * router may become unreachable together with its routes; the pool, which has the connections,
   * does not.
   *
   * Holds are hashed by the keys of their sessions. So if a session's binding has expired, its open
   * routes are found quickly, and this costs nothing for other sessions.
   */

  /** The number of holds of a session that are searched one by one, before all are scanned. */
  private static final int FEW = 8;

  private final ReferenceQueue<Route> forgotten = new ReferenceQueue<>();
  private final ConcurrentHashMap<Object, Hold> holds = new ConcurrentHashMap<>();

  ReferenceQueue<Route> forgotten() {
    return forgotten;
  }

  void add(Hold hold) {
    holds.put(hold, hold);
  }

  void remove(Hold hold) {
    holds.remove(hold);
  }

  /**
   * Releases the connections of unclosed routes, as far as the garbage collector has found them.
   */
  void takeBack() {
    Reference<?> hold = forgotten.poll();
    while (hold != null) {
      ((Hold) hold).abandon();
      hold = forgotten.poll();
    }
  }

  /**
   * {@return the hold of an open route that keeps a session's binding, or null if absent}
   */
  @Nullable
  Hold find(StickyTable table, long key) {
    return holds.get(new Session(table, key));
  }

  /**
   * Records a use of a session by one of its open routes, and binds it again if its binding
   * expired.
   *
   * @return the name that the session is bound to; null if no open route keeps it, or it is over
   */
  @Nullable
  String renew(StickyTable table, long key) {
    Hold hold = find(table, key);
    for (int i = 0; hold != null && i < FEW; i++) {
      String name = hold.renew();
      if (name != null || hold.keeps(table, key)) {
        return name;
      }
      hold = find(table, key);
    }
    return (hold == null) ? null : renewByAny(table, key);
  }

  private @Nullable String renewByAny(StickyTable table, long key) {
    return holds.values().stream()
        .filter(hold -> hold.keeps(table, key))
        .map(Hold::renew)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(null);
  }

  /**
   * Lets no open route keep a session's binding any longer.
   *
   * @return whether one did
   */
  boolean letGo(StickyTable table, long key) {
    Hold first = find(table, key);
    Hold hold = first;
    for (int i = 0; hold != null && i < FEW; i++) {
      hold.keepNothing();
      hold = find(table, key);
    }
    if (hold != null) {
      holds.values().stream().filter(held -> held.keeps(table, key)).forEach(Hold::keepNothing);
    }
    return first != null;
  }

  /** Records a use of each session in a table that has an open route. */
  void renewAll(StickyTable table) {
    holds.values().forEach(hold -> hold.renewIn(table));
  }

  /** {@return the number of routes that hold a connection} */
  int size() {
    return holds.size();
  }

  /** A lookup key, equal to every hold that keeps the session's binding. */
  private record Session(StickyTable table, long key) {
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Hold hold && hold.keeps(table, key);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(key);
    }
  }
}
