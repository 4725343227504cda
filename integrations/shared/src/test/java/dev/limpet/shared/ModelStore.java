package dev.limpet.shared;

import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A short specification of a {@link BindingStore}: one map that all links use. Thread-safe. */
final class ModelStore {
  private final ModelTime time;
  private final Retention retention;
  private final Map<Long, Entry> entries = new HashMap<>();
  private final List<ModelLink> links = new CopyOnWriteArrayList<>();
  private ModelTraffic traffic = ModelTraffic.NONE;

  ModelStore(ModelTime time, StickySession session) {
    this.time = time;
    this.retention = Retention.of(session);
  }

  /** Returns the connection of a proxy to this store. It answers at once unless set otherwise. */
  ModelLink link() {
    ModelLink link = new ModelLink(this, time);
    links.add(link);
    return link;
  }

  synchronized StoreAnswer find(long key, Retention kept) {
    traffic = traffic.plus(ModelTraffic.Kind.LOOKED);
    Entry entry = live(key);
    return (entry == null) ? StoreAnswer.ABSENT : held(key, entry, kept);
  }

  synchronized StoreAnswer bind(
      long key, SharedBinding expected, SharedBinding candidate, Retention kept) {
    StoreAnswer answer = answer(key, expected, candidate, kept);
    traffic = traffic.plus(ModelTraffic.Kind.of(expected, candidate, answer));
    return answer;
  }

  private StoreAnswer answer(
      long key, SharedBinding expected, SharedBinding candidate, Retention kept) {
    Entry entry = live(key);
    if (entry == null) {
      return storedAgain(key, expected, candidate, kept);
    }
    SharedBinding stored = entry.binding();
    if (!isSame(stored, candidate) && expected != null && gives(stored, expected)) {
      tell(key, candidate.version());
      return stored(key, candidate, kept.renewBelow() > 0 ? kept.millis() : remaining(entry));
    }
    return held(key, entry, kept);
  }

  /**
   * Stores a binding. Notifies the proxies if it replaces a lost binding, because they may know
   * that one.
   */
  private StoreAnswer storedAgain(
      long key, SharedBinding expected, SharedBinding candidate, Retention kept) {
    if (expected != null && !isSame(expected, candidate)) {
      tell(key, candidate.version());
    }
    return stored(key, candidate, kept.millis());
  }

  private StoreAnswer held(long key, Entry entry, Retention kept) {
    SharedBinding stored = entry.binding();
    if (remaining(entry) < kept.renewBelow()) {
      entries.put(key, new Entry(stored, until(stored, kept.millis())));
    }
    return StoreAnswer.held(stored, remaining(entries.get(key)));
  }

  private static boolean isSame(SharedBinding one, SharedBinding other) {
    return one.name().equals(other.name()) && one.version() == other.version();
  }

  synchronized StoreAnswer unbind(long key, SharedBinding expected) {
    traffic = traffic.plus(ModelTraffic.Kind.UNBOUND);
    Entry entry = live(key);
    if (entry != null && entry.binding().version() > expected.version()) {
      return StoreAnswer.held(entry.binding(), remaining(entry));
    }
    entries.remove(key);
    tell(key, (int) Math.min(expected.version() + 1L, Integer.MAX_VALUE));
    return StoreAnswer.ABSENT;
  }

  /** Loses all bindings. */
  synchronized void flush() {
    entries.clear();
  }

  /** Loses one binding, or takes the one that another server had. */
  synchronized void put(long key, SharedBinding binding) {
    if (binding == null) {
      entries.remove(key);
    } else {
      stored(key, binding, retention.millis());
    }
  }

  synchronized SharedBinding get(long key) {
    Entry entry = live(key);
    return (entry == null) ? null : entry.binding();
  }

  synchronized int size() {
    return entries.size();
  }

  /** Returns the calls and notifications so far. */
  synchronized ModelTraffic traffic() {
    return traffic;
  }

  private void tell(long key, int version) {
    traffic = traffic.plus(ModelTraffic.Kind.MESSAGE);
    links.forEach(link -> link.hear(key, version));
  }

  private static boolean gives(SharedBinding stored, SharedBinding expected) {
    return stored.version() < expected.version()
        || (stored.version() == expected.version() && stored.name().equals(expected.name()));
  }

  private StoreAnswer stored(long key, SharedBinding candidate, long millis) {
    Entry entry = new Entry(candidate, until(candidate, millis));
    entries.put(key, entry);
    return StoreAnswer.stored(candidate, remaining(entry));
  }

  private long until(SharedBinding binding, long millis) {
    long left = (binding.end() == 0)
        ? millis
        : Math.min(millis, Duration.ofSeconds(binding.end()).toMillis() - time.millis());
    return time.millis() + Math.max(1, left);
  }

  private Entry live(long key) {
    Entry entry = entries.get(key);
    if (entry != null && remaining(entry) <= 0) {
      entries.remove(key);
      return null;
    }
    return entry;
  }

  private long remaining(Entry entry) {
    return entry.until() - time.millis();
  }

  private record Entry(SharedBinding binding, long until) {}
}
