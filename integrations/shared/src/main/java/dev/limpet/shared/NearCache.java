package dev.limpet.shared;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.Bound;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What this process knows of shared bindings. Thread-safe. */
final class NearCache {
  /*
   * Most bindings are the first of their session and end by disuse alone: their name says
   * everything, and takes eight bytes in a compact table. The others, which were moved or are to
   * end at some time, are kept whole beside it. All changes of a key are made one after another,
   * within its compute() there.
   *
   * A key is settled while there is nothing to tell the store of it: for a while after it was
   * renewed there, or until the store was out of reach. The second table remembers that, by the
   * name of the present time of reach.
   */

  private final CompactStickyTable names;
  private final CompactStickyTable settled;
  private final Cache<Long, SharedBinding> special;
  private volatile String reach = "0";
  private int losses;

  /**
   * Makes an empty table.
   *
   * @param uses hears of uses, as with {@link CompactStickyTable}
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

  @Nullable
  String lookup(long key) {
    return names.lookup(key);
  }

  @Nullable
  String peek(long key) {
    return names.peek(key);
  }

  /** {@return the binding of a key, or null if none is known} */
  @Nullable
  SharedBinding known(long key) {
    String name = names.peek(key);
    return (name == null) ? null : binding(name, special.getIfPresent(key));
  }

  /** Keeps a binding, unless a newer one is known or there is no place. */
  void keep(long key, SharedBinding binding, Duration age) {
    change(key, known -> known == null || known.version() <= binding.version(), binding, age);
  }

  /** {@return whether a binding was as expected, and is the next one now} */
  boolean replace(long key, @Nullable SharedBinding expected, SharedBinding next) {
    return change(
        key,
        known -> (known == null) ? expected == null : known.equals(expected),
        next,
        Duration.ZERO);
  }

  /** {@return whether the binding was known, and is not any more} */
  boolean remove(long key, SharedBinding binding) {
    return drop(key, binding::equals);
  }

  /** Forgets what is older than a version. */
  void outdate(long key, int version) {
    drop(key, known -> known.version() < version);
  }

  /** {@return whether this call is the one to tell the store of a key that is not settled} */
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

  /** Nothing is settled any more. */
  synchronized void unsettleAll() {
    reach = Integer.toString(++losses);
  }

  /** {@return how many bindings of a name are known} */
  long bindings(String name) {
    return names.bindings(name).orElseThrow();
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

  /** Says whether a known binding may be changed. */
  @FunctionalInterface
  private interface Judge {
    boolean allows(@Nullable SharedBinding known);
  }
}
