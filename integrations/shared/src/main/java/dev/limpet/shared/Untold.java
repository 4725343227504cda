package dev.limpet.shared;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes that could not be reported to the store. Limited in number; ordered by age. Thread-safe.
 */
final class Untold {

  /**
   * What to report of a session, in addition to its binding if this process knows that.
   *
   * @param ended the binding that was removed, or null
   * @param begun the binding, if this process does not keep it, or null
   * @param at when it could not be reported, in nanoseconds
   */
  record Change(@Nullable SharedBinding ended, @Nullable SharedBinding begun, long at) {

    /** {@return a change of a binding that is kept here, and is reported as it then is} */
    static Change kept(long at) {
      return new Change(null, null, at);
    }

    static Change begun(SharedBinding binding, long at) {
      return new Change(null, binding, at);
    }

    static Change ended(SharedBinding binding, long at) {
      return new Change(binding, null, at);
    }

    /** Returns both changes: an end that came before must still be reported first. */
    Change after(@Nullable Change before) {
      return (before == null || ended != null) ? this : new Change(before.ended, begun, at);
    }

    boolean isOlderThan(int version) {
      return begun != null && begun.version() < version;
    }
  }

  private final int most;
  private final Map<Long, Change> changes = new LinkedHashMap<>(); // guarded by this
  private volatile boolean empty = true;

  Untold(int most) {
    this.most = most;
  }

  /** Returns whether there is no change. Takes no lock. */
  boolean isEmpty() {
    return empty;
  }

  /**
   * Adds a change after those already remembered of its session. Returns false if there is no room
   * for it.
   */
  synchronized boolean add(long key, Change change) {
    Change before = changes.get(key);
    return put(key, before, change.after(before));
  }

  /**
   * Adds a change that was taken earlier, before those now remembered of its session. Returns false
   * if there is no room for it.
   */
  synchronized boolean addAgain(long key, Change taken) {
    Change since = changes.get(key);
    return put(key, since, (since == null) ? taken : since.after(taken));
  }

  private boolean put(long key, @Nullable Change before, Change change) {
    if (before == null && changes.size() >= most) {
      return false;
    }
    changes.put(key, change);
    empty = false;
    return true;
  }

  /** Takes the change of a session, if there is one. */
  @Nullable
  Change take(long key) {
    return empty ? null : takeLocked(key);
  }

  private synchronized @Nullable Change takeLocked(long key) {
    Change change = changes.remove(key);
    empty = changes.isEmpty();
    return change;
  }

  /** Takes the oldest change, if there is one. */
  synchronized Map.@Nullable Entry<Long, Change> takeOldest() {
    Iterator<Map.Entry<Long, Change>> entries = changes.entrySet().iterator();
    if (!entries.hasNext()) {
      return null;
    }
    Map.Entry<Long, Change> oldest = copy(entries.next());
    entries.remove();
    empty = changes.isEmpty();
    return oldest;
  }

  private static Map.Entry<Long, Change> copy(Map.Entry<Long, Change> entry) {
    return Map.entry(entry.getKey(), entry.getValue());
  }

  /** Forgets a session's binding if another proxy announced a newer version. */
  void outdate(long key, int version) {
    if (!empty) {
      outdateLocked(key, version);
    }
  }

  private synchronized void outdateLocked(long key, int version) {
    changes.computeIfPresent(
        key,
        (same, change) ->
            change.isOlderThan(version) ? new Change(change.ended(), null, change.at()) : change);
  }
}
