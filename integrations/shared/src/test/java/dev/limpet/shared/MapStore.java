package dev.limpet.shared;

import dev.limpet.core.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The store of one pool in a map of this process: an example of how a {@link BindingStore} is
 * written where all that there is are compare-and-set, a clock and listeners. Only proxies can
 * write to it, so nothing is signed.
 */
class MapStore implements BindingStore {
  private final InstantSource clock;
  final ConcurrentMap<Long, Entry> entries = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  /** A binding, and when it expires, in milliseconds since 1970. */
  record Entry(SharedBinding binding, long until) {}

  MapStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Bindings open(Retention retention, Environment environment, Listener listener) {
    listeners.add(listener);
    return new MapBindings(retention);
  }

  /** Forgets everything, and says so. */
  void restart() {
    entries.clear();
    listeners.forEach(Listener::reconnected);
  }

  private StoreAnswer ask(
      long key, SharedBinding expected, SharedBinding candidate, Retention retention) {
    while (true) {
      Entry before = entries.get(key);
      Entry now = isLive(before) ? before : null;
      boolean stores = stores(now, expected, candidate);
      Entry after = stores ? stored(now, candidate, retention) : renewed(now, retention);
      if (swap(key, before, after)) {
        if (stores && tells(now, expected, candidate)) {
          tell(key, candidate.version());
        }
        return answer(after, stores);
      }
    }
  }

  private StoreAnswer answer(Entry entry, boolean stored) {
    if (entry == null) {
      return StoreAnswer.ABSENT;
    }
    return stored
        ? StoreAnswer.stored(entry.binding(), left(entry))
        : StoreAnswer.held(entry.binding(), left(entry));
  }

  /** Decides whether the candidate takes the place of what is there; a find has none. */
  private boolean stores(Entry now, SharedBinding expected, SharedBinding candidate) {
    if (candidate == null || now == null) {
      return candidate != null;
    }
    return expected != null
        && !isSame(now.binding(), candidate)
        && (isSame(now.binding(), expected) || isOlder(now.binding(), expected));
  }

  /** What was replaced is told, and what other proxies may know though it was lost here. */
  private boolean tells(Entry now, SharedBinding expected, SharedBinding candidate) {
    return now != null || (expected != null && !isSame(expected, candidate));
  }

  private Entry stored(Entry now, SharedBinding candidate, Retention retention) {
    boolean keepsTime = now != null && retention.renewBelow() == 0;
    return new Entry(candidate, until(candidate, keepsTime ? left(now) : retention.millis()));
  }

  Entry renewed(Entry now, Retention retention) {
    return (now != null && left(now) < retention.renewBelow())
        ? new Entry(now.binding(), until(now.binding(), retention.millis()))
        : now;
  }

  final long until(SharedBinding binding, long millis) {
    long until = clock.millis() + millis;
    return (binding.end() == 0) ? until : Math.min(until, cap(binding));
  }

  /** Returns when a session ends however much it is used, in milliseconds since 1970. */
  long cap(SharedBinding binding) {
    return Math.max(clock.millis() + 1, Duration.ofSeconds(binding.end()).toMillis());
  }

  private boolean isLive(Entry entry) {
    return entry != null && left(entry) > 0;
  }

  private long left(Entry entry) {
    return entry.until() - clock.millis();
  }

  boolean isSame(SharedBinding one, SharedBinding other) {
    return one.version() == other.version() && one.name().equals(other.name());
  }

  boolean isOlder(SharedBinding one, SharedBinding other) {
    return one.version() < other.version();
  }

  void tell(long key, int version) {
    listeners.forEach(listener -> listener.changed(key, version));
  }

  boolean swap(long key, Entry before, Entry after) {
    if (before == null) {
      return after == null || entries.putIfAbsent(key, after) == null;
    }
    return (after == null) ? entries.remove(key, before) : entries.replace(key, before, after);
  }

  /** What one table asks. */
  private final class MapBindings implements Bindings {
    private final Retention retention;

    MapBindings(Retention retention) {
      this.retention = retention;
    }

    @Override
    public CompletionStage<StoreAnswer> find(long key) {
      return CompletableFuture.completedStage(ask(key, null, null, retention));
    }

    @Override
    public CompletionStage<StoreAnswer> bind(
        long key, SharedBinding expected, SharedBinding candidate, Duration age) {
      return CompletableFuture.completedStage(ask(key, expected, candidate, retention.after(age)));
    }

    @Override
    public CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected) {
      Entry now = entries.get(key);
      while (isLive(now) && !isOlder(expected, now.binding()) && !entries.remove(key, now)) {
        now = entries.get(key);
      }
      if (isLive(now) && isOlder(expected, now.binding())) {
        return CompletableFuture.completedStage(answer(now, false));
      }
      tell(
          key, Math.max(expected.version(), expected.version() + 1)); // no version follows the last
      return CompletableFuture.completedStage(StoreAnswer.ABSENT);
    }
  }
}
