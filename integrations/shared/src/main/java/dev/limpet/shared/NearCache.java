package dev.limpet.shared;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import java.time.Duration;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The shared bindings that this process knows. Thread-safe. */
final class NearCache {
  /*
   * Most bindings are the first of their session and expire by disuse only. Their name says
   * everything, and takes eight bytes in a compact table. All other bindings, which were moved or
   * have an end, are kept whole beside it. All changes of a key are made one after another, within
   * the compute() of that second map.
   *
   * A key is settled while there is nothing to report to the store: for some time after it was
   * renewed there, unless the store cannot be reached meanwhile. The second compact table remembers
   * the settled keys. It binds them to the number of outages so far, so one more outage unsettles
   * all of them.
   */

  private final CompactStickyTable names;
  private final CompactStickyTable settled;
  private final Cache<Long, SharedBinding> special;
  private volatile String reach = "0";
  private int losses;

  /**
   * Makes an empty cache.
   *
   * @param uses is notified of uses, as with {@link CompactStickyTable}
   */
  NearCache(StickySession session, long capacity, NanoClock clock, LongConsumer uses) {
    this.names = CompactStickyTable.of(session, capacity, clock, uses);
    this.settled = CompactStickyTable.of(
        StickySession.custom()
            .withMode(StickySession.Mode.ABSOLUTE)
            .withDuration(Retention.settled(session)),
        capacity,
        clock);
    this.special = Caffeine.newBuilder()
        .maximumSize(capacity)
        .expireAfterAccess(longest(session))
        .ticker(clock::nanos)
        .executor(Runnable::run)
        .build();
  }

  /**
   * Adds the live bindings of another cache, which may be in use meanwhile. None of them is
   * settled.
   *
   * @param other a cache with the same capacity and the same clock
   */
  void copyFrom(NearCache other) {
    special.putAll(other.special.asMap());
    Restored unused = names.copyFrom(other.names);
  }

  @Nullable
  String lookup(long key) {
    return names.lookup(key);
  }

  @Nullable
  String peek(long key) {
    return names.peek(key);
  }

  /** {@return the binding of a key; null if none is known} */
  @Nullable
  SharedBinding known(long key) {
    String name = names.peek(key);
    return (name == null) ? null : binding(name, special.getIfPresent(key));
  }

  /** Keeps a binding, unless a newer one is known or there is no slot. */
  void keep(long key, SharedBinding binding, Duration age) {
    change(key, known -> known == null || known.version() <= binding.version(), binding, age);
  }

  /** Replaces a binding if it is the expected one. Returns whether it was. */
  boolean replace(long key, @Nullable SharedBinding expected, SharedBinding next) {
    return change(
        key,
        known -> (known == null) ? expected == null : known.equals(expected),
        next,
        Duration.ZERO);
  }

  /** Removes a binding if it is known. Returns whether it was. */
  boolean remove(long key, SharedBinding binding) {
    return drop(key, binding::equals);
  }

  /** Forgets a binding that is older than a version. */
  void outdate(long key, int version) {
    drop(key, known -> known.version() < version);
  }

  /**
   * Settles a key. Returns whether it was not settled yet, so that this call must report it to the
   * store.
   */
  boolean settle(long key) {
    String now = reach;
    String at = settled.peek(key);
    return !now.equals(at) && settled.bind(key, at, now, true).status() != Bound.Status.HELD;
  }

  /** Settles a key that was renewed in the store some time ago. */
  void markSettled(long key, Duration since) {
    unsettle(key);
    settled.bind(key, reach, since);
  }

  void unsettle(long key) {
    String at = settled.peek(key);
    if (at != null) {
      settled.unbind(key, at);
    }
  }

  /** Unsettles all keys. */
  synchronized void unsettleAll() {
    reach = Integer.toString(++losses);
  }

  /** {@return the number of known bindings to a name} */
  long bindings(String name) {
    return names.bindings(name).orElseThrow();
  }

  /** {@return the numbers of known bindings by name} */
  Map<String, Long> bindings() {
    return names.bindings();
  }

  private boolean change(long key, Judge judge, SharedBinding next, Duration age) {
    boolean[] changed = {false};
    special.asMap().compute(key, (same, kept) -> {
      String name = names.peek(key);
      SharedBinding known = (name == null) ? null : binding(name, kept);
      if (!judge.allows(known)) {
        return kept;
      }
      changed[0] = put(key, name, next, age);
      return (changed[0] && isSpecial(next)) ? next : null;
    });
    return changed[0];
  }

  private boolean put(long key, @Nullable String from, SharedBinding next, Duration age) {
    return (from == null)
        ? names.bind(key, next.name(), age)
        : names.bind(key, from, next.name(), true).status() == Bound.Status.STORED;
  }

  private boolean drop(long key, Predicate<SharedBinding> outdated) {
    boolean[] dropped = {false};
    special.asMap().compute(key, (same, kept) -> {
      String name = names.peek(key);
      if (name == null || !outdated.test(binding(name, kept))) {
        return kept;
      }
      dropped[0] = names.unbind(key, name);
      return null;
    });
    return dropped[0];
  }

  private static SharedBinding binding(String name, @Nullable SharedBinding kept) {
    return (kept != null && kept.name().equals(name)) ? kept : SharedBinding.first(name, 0);
  }

  private static boolean isSpecial(SharedBinding binding) {
    return !binding.equals(SharedBinding.first(binding.name(), 0));
  }

  private static Duration longest(StickySession session) {
    return session.duration().multipliedBy(2);
  }

  /** Decides whether a known binding may be changed. */
  @FunctionalInterface
  private interface Judge {
    boolean allows(@Nullable SharedBinding known);
  }
}
