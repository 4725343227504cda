package dev.limpet.shared;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Changes that the store could not be told of: at most so many, the oldest first. Thread-safe. */
final class Untold {

  /**
   * What is to be told of a session besides its binding, where this process knows that.
   *
   * @param ended what was removed, or null
   * @param begun the binding where this process does not keep it, or null
   * @param at when it could not be told, in nanoseconds
   */
  record Change(@Nullable SharedBinding ended, @Nullable SharedBinding begun, long at) {

    /** {@return a change of a binding that is kept here: what it is then is to be told} */
    static Change kept(long at) {
      return new Change(null, null, at);
    }

    static Change begun(SharedBinding binding, long at) {
      return new Change(null, binding, at);
    }

    static Change ended(SharedBinding binding, long at) {
      return new Change(binding, null, at);
    }

    /** {@return both: what ended before is still to end first} */
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

  /** {@return whether there is none; without a lock} */
  boolean isEmpty() {
    return empty;
  }

  /**
   * {@return whether a change is remembered now, after what is already remembered of its session}
   */
  synchronized boolean add(long key, Change change) {
    Change before = changes.get(key);
    return put(key, before, change.after(before));
  }

  /**
   * {@return whether a change is remembered that was taken before what is remembered of its session
   * now}
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
    return empty ? null : taken(key);
  }

  private synchronized @Nullable Change taken(long key) {
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

  /** Forgets a session's binding that is older than a version which another proxy told of. */
  void outdate(long key, int version) {
    if (!empty) {
      outdated(key, version);
    }
  }

  private synchronized void outdated(long key, int version) {
    changes.computeIfPresent(
        key,
        (same, change) ->
            change.isOlderThan(version) ? new Change(change.ended(), null, change.at()) : change);
  }
}
