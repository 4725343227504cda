package dev.limpet.core.table;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.internal.Durations;
import dev.limpet.core.internal.SplitMix;
import dev.limpet.core.table.NameTable.Slot;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table that stores each binding in one 64-bit word. Thread-safe; starts no thread. Its
 * memory, eight bytes per slot, is allocated when the table is made and never grows.
 *
 * <p>A binding never expires early. It expires late by at most 1/32 of the duration, or of the
 * maximum duration if that ends it. Uses have a resolution of 1/64 of the duration: a use within
 * that time after the last recorded one is not recorded, so lookups write to a binding at most once
 * in that time.
 *
 * <p>A new session may find no slot before the table is full. In a table of a few hundred slots or
 * more, the probability is below one in a million when 75 % of the slots are taken, 1 in 1,300 at
 * 90 %, and 1 in 30 at 95 %. A good choice is a capacity of 1.1 times the expected number of
 * sessions.
 *
 * <p>A key is stored as its slot and 35 bits. In a full table, an unknown key is mistaken for a
 * bound one with a probability of 4.7·10<sup>-10</sup>, and then shares its binding. A {@link
 * CaffeineStickyTable} stores whole keys.
 *
 * <p>Live bindings may refer to at most 16,383 different names. If a session's backend would add
 * another name, the session finds no slot; {@link #refusedNames} counts these attempts.
 */
public final class CompactStickyTable implements SaveableTable {
  /** The largest capacity: 2<sup>30</sup>. */
  public static final long MAX_CAPACITY = 1L << 30;

  private final long capacity;
  private final TickClock clock;
  private final BucketArray words;
  private final NameTable names = new NameTable(1 << BindingWord.SLOT_BITS);
  private final Segment[] segments;
  private final AtomicLongArray swept;
  private final AtomicInteger nextSwept = new AtomicInteger();
  private final LongAdder refusedNames = new LongAdder();
  private final LongConsumer uses;

  private CompactStickyTable(long capacity, TickClock clock, LongConsumer uses) {
    this.capacity = capacity;
    this.clock = clock;
    this.uses = uses;
    this.words = new BucketArray(capacity);
    this.segments = new Segment[words.segments()];
    this.swept = new AtomicLongArray(segments.length);
    Arrays.setAll(segments, i -> new Segment(i, words, names, clock, swept));
  }

  /**
   * {@return a new table that uses the system clock}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings, 1..{@link #MAX_CAPACITY}
   * @throws IllegalArgumentException if the capacity is out of range, or a duration is not in 1
   *     ns..365 days
   */
  public static CompactStickyTable of(StickySession session, long capacity) {
    return of(session, capacity, NanoClock.system());
  }

  /**
   * {@return a new table as {@link #of(StickySession, long)} returns it, but with its own clock}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings, 1..{@link #MAX_CAPACITY}
   * @param clock the clock; if it steps back, the table's time stands still until the clock has
   *     caught up
   */
  public static CompactStickyTable of(StickySession session, long capacity, NanoClock clock) {
    return of(session, capacity, clock, key -> {});
  }

  /**
   * {@return a new table as {@link #of(StickySession, long)} returns it, which also reports uses,
   * for example to a table that follows this one}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity the maximum number of bindings, 1..{@link #MAX_CAPACITY}
   * @param clock the clock; if it steps back, the table's time stands still until the clock has
   *     caught up
   * @param uses receives the keys of lookups that recorded a use, on the threads of these lookups:
   *     a key in constant use about once in 1/32 of the duration; in {@link
   *     StickySession.Mode#ABSOLUTE} hardly ever
   */
  public static CompactStickyTable of(
      StickySession session, long capacity, NanoClock clock, LongConsumer uses) {
    requireNonNull(uses, "uses");
    if (capacity < 1 || capacity > MAX_CAPACITY) {
      throw new IllegalArgumentException(
          "capacity: " + capacity + " (expected: 1.." + MAX_CAPACITY + ")");
    }
    Durations.check(session.duration(), session.maxDuration());
    return new CompactStickyTable(
        capacity, TickClock.of(session, requireNonNull(clock, "clock")), uses);
  }

  @Override
  public @Nullable String lookup(long key) {
    long mixed = SplitMix.mix(key);
    long probe = BindingWord.probe(mixed);
    int segment = words.segment(mixed);
    int bucket = words.bucket(mixed);
    int at = words.search(probe, segment, bucket);
    if (at == BucketArray.NOWHERE) {
      return null;
    }
    if (at != BucketArray.MOVING) {
      long word = words.get(at);
      Tick now = clock.now();
      String name = name(at, word, probe, segment, now);
      if (name != null && !now.isUse(word)) {
        return name;
      }
      if (name != null && recordUse(at, word, now)) {
        uses.accept(key);
        return name;
      }
    }
    String name = segments[segment].lookup(probe, bucket);
    if (name != null) {
      uses.accept(key);
    }
    return name;
  }

  @Override
  public @Nullable String peek(long key) {
    long mixed = SplitMix.mix(key);
    long probe = BindingWord.probe(mixed);
    int segment = words.segment(mixed);
    int bucket = words.bucket(mixed);
    int at = words.search(probe, segment, bucket);
    if (at == BucketArray.NOWHERE) {
      return null;
    }
    String name =
        (at == BucketArray.MOVING) ? null : name(at, words.get(at), probe, segment, clock.now());
    return (name != null) ? name : segments[segment].peek(probe, bucket);
  }

  @Override
  public boolean wantsHash(long key) {
    return segments[words.segment(SplitMix.mix(key))].wantsHash();
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    long mixed = SplitMix.mix(key);
    Slot slot = useName(requireNonNull(candidate, "candidate"));
    Bound bound = segments[words.segment(mixed)].bind(
        BindingWord.probe(mixed), words.bucket(mixed), expected, slot, byHash);
    if (slot != null && bound.status() != Bound.Status.STORED) {
      names.release(slot);
    }
    if (slot == null && bound.status() == Bound.Status.FULL) {
      refusedNames.increment();
    }
    return bound;
  }

  /**
   * Binds an unbound key, as a use of a session that began elsewhere.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param candidate the name to bind the key to
   * @param age how long ago the session was bound, zero or more; it matters if sessions expire by
   *     their age
   * @return true if this call bound the key; false if the key is bound already, there is no slot,
   *     or the session has expired by its age
   * @throws IllegalArgumentException if the age is negative
   */
  public boolean bind(long key, String candidate, Duration age) {
    requireNonNull(candidate, "candidate");
    int stamp = clock.stampOfAge(age);
    Slot slot = (stamp == TickClock.EXPIRED) ? null : useNameOrRefuse(candidate);
    if (slot == null) {
      return false;
    }
    long mixed = SplitMix.mix(key);
    long word = BindingWord.of(BindingWord.probe(mixed), slot.number(), stamp);
    return segments[words.segment(mixed)].restore(word, words.bucket(mixed));
  }

  @Override
  public Bound renew(long key, String name, @Nullable Duration age) {
    String bound = lookup(key);
    if (bound != null) {
      return Bound.held(bound);
    }
    Duration known = (age == null) ? Duration.ZERO : age;
    if (!clock.isSliding() || clock.stampOfAge(known) == TickClock.EXPIRED) {
      return Bound.ABSENT;
    }
    if (bind(key, name, known)) {
      return Bound.stored(name);
    }
    String other = peek(key);
    return (other == null) ? Bound.FULL : Bound.held(other);
  }

  /**
   * {@return how old the session is, to 1/64 of the maximum duration; null if sessions do not end
   * by their age}
   */
  @Override
  public @Nullable Duration age(long key) {
    if (!clock.ages()) {
      return null;
    }
    long mixed = SplitMix.mix(key);
    return segments[words.segment(mixed)].age(BindingWord.probe(mixed), words.bucket(mixed));
  }

  @Override
  public boolean unbind(long key, String expected) {
    long mixed = SplitMix.mix(key);
    return segments[words.segment(mixed)].unbind(
        BindingWord.probe(mixed), words.bucket(mixed), expected);
  }

  /**
   * Scans all slots, and holds the lock of each segment while it scans it; takes some milliseconds
   * per million slots.
   */
  @Override
  public OptionalLong bindings(String name) {
    Slot slot = names.find(requireNonNull(name, "name"));
    return OptionalLong.of((slot == null) ? 0 : count(slot));
  }

  /** {@inheritDoc} Scans the table as {@link #bindings(String)} does. */
  @Override
  public Map<String, Long> bindings() {
    Map<Slot, AtomicLong> counts = new HashMap<>();
    for (Segment segment : segments) {
      segment.show((at, word, owner) ->
          counts.computeIfAbsent(owner, name -> new AtomicLong()).incrementAndGet());
    }
    Map<String, Long> byName = new HashMap<>();
    counts.forEach((slot, count) -> byName.merge(slot.name(), count.get(), Long::sum));
    return byName;
  }

  /**
   * {@return the number of slots in use, including those of expired bindings until another session
   * needs them}
   */
  @Override
  public long size() {
    return Math.min(names.uses(), capacity);
  }

  @Override
  public long capacity() {
    return capacity;
  }

  /**
   * {@return the number of attempts to bind or restore a session that failed because there were
   * already too many names}
   */
  @Override
  public long refusedNames() {
    return refusedNames.sum();
  }

  /**
   * Counts words, not uses of the name slot, because an attempt to bind that fails is also a use.
   */
  private long count(Slot slot) {
    AtomicLong count = new AtomicLong();
    for (Segment segment : segments) {
      segment.show((at, word, owner) -> count.getAndAdd((owner == slot) ? 1 : 0));
    }
    return count.get();
  }

  /**
   * Saves the live bindings. The file is replaced atomically: whatever happens, it is there as a
   * whole, in its old or its new version. Only its owner may read it. If the process ends during
   * the save, it leaves a file beside it whose name ends in {@code .tmp}. May be called while the
   * table is in use; a change that happens during the save may or may not be saved. An interrupt
   * does not stop the save, and the thread's interrupt status is kept.
   *
   * @param file the file to write; replaced if it exists. If it is a link to a file, that file is
   *     replaced
   * @param environment the affinity's: its secret signs the file and its wall clock dates it. The
   *     file contains names, and no whole keys
   * @throws IOException if the file cannot be written; if a backend's name has more than 1,024
   *     bytes in UTF-8 or is not valid Unicode; or if the table has more than 134,217,728 slots
   */
  @Override
  public void save(Path file, Environment environment) throws IOException {
    if (capacity > SnapshotFormat.MAX_SLOTS) {
      throw new IOException(
          "capacity: " + capacity + " (expected: " + SnapshotFormat.MAX_SLOTS + " or less)");
    }
    SnapshotFile.write(file, snapshot(environment));
  }

  /** {@return the bytes that {@link #save} writes} */
  byte[] snapshot(Environment environment) throws IOException {
    return new SnapshotWriter(words, segments, clock).write(environment);
  }

  /**
   * Restores bindings that a table of about the same capacity saved. Each keeps the time that it
   * had left, less the time that has passed since by the wall clock.
   *
   * <p>Call this before sessions are bound. It never replaces a live binding, but a binding that
   * another thread makes at the same time may be lost. If the table already has bindings, or other
   * durations than the saved table, restored bindings may live longer by 1/32 of the longer
   * duration. A table whose sessions do not expire by age does not save their age; in a table where
   * they do, such sessions count as bound when they were saved.
   *
   * @param file a file that {@link #save} wrote with the same secret
   * @param environment the affinity's. If its wall clock has gone back since, no time has passed
   * @return the result; a file that cannot be read, or was not written by {@link #save} with this
   *     secret, changes nothing
   */
  @Override
  public Restored restore(Path file, Environment environment) {
    try {
      return restore(SnapshotFile.read(file, SnapshotFormat.mostBytes(words)), environment);
    } catch (Refusal refusal) {
      return Restored.refused(String.valueOf(refusal.getMessage()));
    }
  }

  /** Restores the bytes that {@link #snapshot} returned. */
  synchronized Restored restore(byte[] snapshot, Environment environment) throws Refusal {
    SnapshotReader reader = new SnapshotReader(snapshot, environment, words);
    long passed = Restoration.passed(reader.savedAt(), environment.wallClock().instant());
    Restoration restoration = restoration(reader.time(), passed);
    reader.tell(restoration);
    return restoration.result();
  }

  /**
   * Copies the live bindings of another table, for a change of durations while the process runs.
   * Each keeps its last use and its age, and expires as the durations of this table say. Call this
   * before sessions are bound here. A change of the other table that happens meanwhile may or may
   * not be copied; {@link #beginCopy} copies all.
   *
   * <p>Times are exact if both tables have the same durations. Otherwise, they are rounded up as
   * {@link #restore(Path, Environment)} says, and a session of unknown age counts as bound now.
   *
   * @param other a table with the same capacity and the same clock; it does not change
   * @return the numbers of bindings that were copied, that had expired by the durations of this
   *     table, and that found no slot
   * @throws IllegalArgumentException if the other table has another capacity or clock, or is this
   *     one
   */
  public Restored copyFrom(CompactStickyTable other) {
    return new TableCopy(checked(other), this).begin();
  }

  /**
   * Copies the live bindings of another table as {@link #copyFrom} does, while that table is in
   * use. {@link TableCopy#finish} then copies what has changed since.
   *
   * @param other a table with the same capacity and the same clock; it does not change
   * @return the copy; call {@link TableCopy#finish} on it
   * @throws IllegalArgumentException if the other table has another capacity or clock, or is this
   *     one
   */
  public TableCopy beginCopy(CompactStickyTable other) {
    TableCopy copy = new TableCopy(checked(other), this);
    Restored unused = copy.begin();
    return copy;
  }

  @SuppressWarnings("ReferenceEquality") // each clock runs by itself
  private CompactStickyTable checked(CompactStickyTable other) {
    if (other == this || other.capacity != capacity) {
      throw new IllegalArgumentException(
          "capacity: " + other.capacity + " (expected: another table of " + capacity + ")");
    }
    if (other.clock.source() != clock.source()) {
      throw new IllegalArgumentException("clock: another (expected: the clock of this table)");
    }
    return other;
  }

  /** {@return the segments, for a copy} */
  Segment[] segments() {
    return segments;
  }

  /** {@return the clock, for a copy} */
  TickClock clock() {
    return clock;
  }

  /** {@return a restoration that puts saved bindings into this table} */
  Restoration restoration(SavedTime time, long passed) {
    return new Restoration(segments, clock, this::useNameOrRefuse, time, passed, names.uses() == 0);
  }

  /**
   * Returns the name slot of a name, and counts a use of it; null if no slot is free. If all name
   * slots are taken, one segment removes its expired bindings: the next one for each call, so that
   * no call takes long.
   */
  private @Nullable Slot useName(String name) {
    Slot slot = names.use(name);
    if (slot != null) {
      return slot;
    }
    segments[Math.floorMod(nextSwept.getAndIncrement(), segments.length)].sweep();
    return names.use(name);
  }

  private @Nullable Slot useNameOrRefuse(String name) {
    Slot slot = useName(name);
    if (slot == null) {
      refusedNames.increment();
    }
    return slot;
  }

  /** Returns the name of a word if it is a live binding that is still in its slot. */
  private @Nullable String name(int at, long word, long probe, int segment, Tick now) {
    if (!BindingWord.matches(word, probe)
        || !now.isLive(word)
        || !Segment.isFresh(swept.get(segment), now)) {
      return null;
    }
    Slot slot = names.at(BindingWord.slot(word));
    VarHandle.loadLoadFence();
    boolean unchanged = words.get(at) == word && names.at(slot.number()) == slot;
    return unchanged ? slot.name() : null;
  }

  private boolean recordUse(int at, long word, Tick now) {
    return words.replace(at, word, BindingWord.used(word, now));
  }
}
