package dev.limpet.redis;

import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What a {@link BindingStore} is to do, said shortly: one map that all links ask. Thread-safe. */
final class ModelStore {
  private final ModelTime time;
  private final KeptTime kept;
  private final boolean sliding;
  private final Map<Long, Entry> entries = new HashMap<>();
  private final List<ModelLink> links = new CopyOnWriteArrayList<>();
  private Traffic traffic = Traffic.NONE;

  ModelStore(ModelTime time, StickySession session) {
    this.time = time;
    this.kept = KeptTime.of(session);
    this.sliding = session.mode() == StickySession.Mode.SLIDING;
  }

  /** A proxy's way to this store, which answers at once until told otherwise. */
  ModelLink link() {
    ModelLink link = new ModelLink(this, time);
    links.add(link);
    return link;
  }

  synchronized Answer bind(
      long key, SharedBinding expected, SharedBinding candidate, Duration age) {
    Answer answer = answer(key, expected, candidate, kept.after(age));
    traffic = traffic.plus(Traffic.Kind.of(expected, candidate, answer));
    return answer;
  }

  private Answer answer(long key, SharedBinding expected, SharedBinding candidate, KeptTime left) {
    Entry entry = live(key);
    if (entry == null) {
      return (candidate == null) ? Answer.ABSENT : storedAgain(key, expected, candidate, left);
    }
    SharedBinding stored = entry.binding();
    if (candidate != null
        && !isSame(stored, candidate)
        && expected != null
        && gives(stored, expected)) {
      tell(key, candidate.version());
      return stored(key, candidate, sliding ? left.millis() : remaining(entry));
    }
    if (remaining(entry) < left.refreshBelow()) {
      entries.put(key, new Entry(stored, until(stored, left.millis())));
    }
    return new Answer(Answer.Status.HELD, stored, remaining(entries.get(key)));
  }

  /** Other proxies may know what the store has lost. */
  private Answer storedAgain(
      long key, SharedBinding expected, SharedBinding candidate, KeptTime left) {
    if (expected != null && !isSame(expected, candidate)) {
      tell(key, candidate.version());
    }
    return stored(key, candidate, left.millis());
  }

  private static boolean isSame(SharedBinding one, SharedBinding other) {
    return one.name().equals(other.name()) && one.version() == other.version();
  }

  synchronized Answer unbind(long key, SharedBinding expected) {
    traffic = traffic.plus(Traffic.Kind.UNBOUND);
    Entry entry = live(key);
    if (entry != null && entry.binding().version() > expected.version()) {
      return new Answer(Answer.Status.HELD, entry.binding(), remaining(entry));
    }
    entries.remove(key);
    tell(key, expected.version() + 1);
    return Answer.ABSENT;
  }

  /** Loses everything. */
  synchronized void flush() {
    entries.clear();
  }

  /** Loses one binding, or has it as another server had it. */
  synchronized void put(long key, SharedBinding binding) {
    if (binding == null) {
      entries.remove(key);
    } else {
      stored(key, binding, kept.millis());
    }
  }

  synchronized SharedBinding get(long key) {
    Entry entry = live(key);
    return (entry == null) ? null : entry.binding();
  }

  synchronized int size() {
    return entries.size();
  }

  /** What it was asked, and told the proxies, so far. */
  synchronized Traffic traffic() {
    return traffic;
  }

  private void tell(long key, int version) {
    traffic = traffic.plus(Traffic.Kind.MESSAGE);
    links.forEach(link -> link.hear(key, version));
  }

  private static boolean gives(SharedBinding stored, SharedBinding expected) {
    return stored.version() < expected.version()
        || (stored.version() == expected.version() && stored.name().equals(expected.name()));
  }

  private Answer stored(long key, SharedBinding candidate, long millis) {
    Entry entry = new Entry(candidate, until(candidate, millis));
    entries.put(key, entry);
    return new Answer(Answer.Status.STORED, candidate, remaining(entry));
  }

  private long until(SharedBinding binding, long millis) {
    long until = time.millis() + millis;
    if (binding.end() == 0) {
      return until;
    }
    long left = Duration.ofSeconds(binding.end())
        .minusMillis(time.instant().toEpochMilli())
        .toMillis();
    return Math.min(until, time.millis() + left);
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
