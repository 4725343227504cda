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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A sticky table of one 64-bit word a binding. Safe for use by many threads at once; starts no
 * thread. Its memory, eight bytes for each binding of its capacity, is taken when it is made and
 * stays as it is.
 *
 * <p>A binding expires never early, and at most a 32nd of its duration late, or of the maximum
 * duration where that ends it. A use within a 64th of the duration after the one that was last
 * recorded is not recorded, and none is recorded in a lookup more often.
 *
 * <p>A new session may find no place before the table is full: of a few hundred places or more, the
 * chance is below one in a million when three quarters are taken, 1 in 1,300 at 90 % and 1 in 30 at
 * 95 %. A tenth more capacity than sessions are expected is a good choice.
 *
 * <p>A key is kept as a place and 35 bits: an unknown key is taken for a bound one with a chance of
 * 4.7·10<sup>-10</sup> in a full table, and then shares its binding. A {@link CaffeineStickyTable}
 * is exact.
 *
 * <p>There may be live bindings to 16,383 different names. A session whose backend's name is one
 * more finds no place; {@link #refusedNames} counts these.
 */
public final class CompactStickyTable implements SaveableTable {
  /** The largest capacity: 2<sup>30</sup>. */
  public static final long MAX_CAPACITY = 1L << 30;

  private final long capacity;
  private final TickClock clock;
  private final BucketArray words;
  private final NameTable names = new NameTable(1 << BindingWord.SLOT_BITS);
  private final Segment[] regions;
  private final AtomicLongArray swept;
  private final AtomicInteger nextSwept = new AtomicInteger();
  private final LongAdder refusedNames = new LongAdder();
  private final LongConsumer uses;

  private CompactStickyTable(long capacity, TickClock clock, LongConsumer uses) {
    this.capacity = capacity;
    this.clock = clock;
    this.uses = uses;
    this.words = new BucketArray(capacity);
    this.regions = new Segment[words.regions()];
    this.swept = new AtomicLongArray(regions.length);
    Arrays.setAll(regions, i -> new Segment(i, words, names, clock, swept));
  }

  /**
   * {@return a table}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity how many bindings it holds at most, 1..{@link #MAX_CAPACITY}
   * @throws IllegalArgumentException if the capacity is out of range, or a duration not in 1
   *     ns..365 days
   */
  public static CompactStickyTable of(StickySession session, long capacity) {
    return of(session, capacity, NanoClock.system());
  }

  /**
   * {@return a table as of {@link #of(StickySession, long)}, with a clock of its own}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity how many bindings it holds at most, 1..{@link #MAX_CAPACITY}
   * @param clock the time; where it steps back, time stands still until it has caught up
   */
  public static CompactStickyTable of(StickySession session, long capacity, NanoClock clock) {
    return of(session, capacity, clock, key -> {});
  }

  /**
   * {@return a table as of {@link #of(StickySession, long)} that tells of uses, such as to another
   * that is to follow}
   *
   * @param session the mode, the duration and the maximum duration of its bindings
   * @param capacity how many bindings it holds at most, 1..{@link #MAX_CAPACITY}
   * @param clock the time; where it steps back, time stands still until it has caught up
   * @param uses is given the keys of lookups that recorded a use, on their threads: of a key in
   *     constant use once or twice in 1/64 of the duration, and in {@link
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
    int region = words.region(mixed);
    int bucket = words.bucket(mixed);
    int at = words.find(probe, region, bucket);
    if (at != BucketArray.NOWHERE) {
      long word = words.get(at);
      Tick now = clock.now();
      String name = name(at, word, probe, region, now);
      if (name != null && !now.isUse(word)) {
        return name;
      }
      if (name != null && recordUse(at, word, now)) {
        uses.accept(key);
        return name;
      }
    }
    String name = regions[region].lookup(probe, bucket);
    if (name != null) {
      uses.accept(key);
    }
    return name;
  }

  @Override
  public @Nullable String peek(long key) {
    long mixed = SplitMix.mix(key);
    long probe = BindingWord.probe(mixed);
    int region = words.region(mixed);
    int bucket = words.bucket(mixed);
    int at = words.find(probe, region, bucket);
    String name =
        (at == BucketArray.NOWHERE) ? null : name(at, words.get(at), probe, region, clock.now());
    return (name != null) ? name : regions[region].peek(probe, bucket);
  }

  @Override
  public boolean wantsHash(long key) {
    return regions[words.region(SplitMix.mix(key))].wantsHash();
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    long mixed = SplitMix.mix(key);
    Slot slot = useName(requireNonNull(candidate, "candidate"));
    Bound bound = regions[words.region(mixed)].bind(
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
   * Binds a key that is bound to nothing here, as a use of its session, which began elsewhere.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param candidate the name to bind the key to
   * @param age how long ago the session was bound, zero or more; matters where sessions end by
   *     their age
   * @return whether this call bound it; not if it is bound already, there is no place, or it has
   *     elapsed
   * @throws IllegalArgumentException if the age is negative
   */
  public boolean bind(long key, String candidate, Duration age) {
    requireNonNull(candidate, "candidate");
    int stamp = clock.stampOfAge(age);
    Slot slot = (stamp == TickClock.ELAPSED) ? null : useNameOrRefuse(candidate);
    if (slot == null) {
      return false;
    }
    long mixed = SplitMix.mix(key);
    long word = BindingWord.of(BindingWord.probe(mixed), slot.number(), stamp);
    return regions[words.region(mixed)].restore(word, words.bucket(mixed));
  }

  @Override
  public boolean unbind(long key, String expected) {
    long mixed = SplitMix.mix(key);
    return regions[words.region(mixed)].unbind(
        BindingWord.probe(mixed), words.bucket(mixed), expected);
  }

  /**
   * Looks at all places, and holds each region's lock for that long; some milliseconds for a
   * million places.
   */
  @Override
  public OptionalLong bindings(String name) {
    Slot slot = names.find(requireNonNull(name, "name"));
    return OptionalLong.of((slot == null) ? 0 : count(slot));
  }

  /**
   * {@return how many slots are taken: by live bindings, and by expired ones until another needs
   * the slot}
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
   * {@return how many attempts to bind or restore a session failed because there were too many
   * names already}
   */
  public long refusedNames() {
    return refusedNames.sum();
  }

  /** A use of a slot may be an attempt to bind that fails, so words are counted, and not uses. */
  private long count(Slot slot) {
    AtomicLong count = new AtomicLong();
    for (Segment region : regions) {
      region.show((at, word, owner) -> count.getAndAdd((owner == slot) ? 1 : 0));
    }
    return count.get();
  }

  /**
   * Saves the live bindings. The file is there as a whole, in its old or its new version, whatever
   * happens; one that its owner alone may read. A process that ends meanwhile leaves a file beside
   * it whose name ends in {@code .tmp}. May be called while the table is in use: of what changes
   * meanwhile, some is saved. An interrupt is left to the caller, and stops nothing.
   *
   * @param file where to; replaced if it is there, and where it is a link to a file, that is
   * @param environment the affinity's: its secret signs the file, which holds names, and no key as
   *     a whole; its wall clock dates it
   * @throws IOException if the file cannot be written, or the name of a backend not: it has more
   *     than 1,024 bytes in UTF-8, or is no valid Unicode; or if the table has more than
   *     134,217,728 slots
   */
  @Override
  public void save(Path file, Environment environment) throws IOException {
    if (capacity > SnapshotFormat.MAX_PLACES) {
      throw new IOException(
          "capacity: " + capacity + " (expected: " + SnapshotFormat.MAX_PLACES + " or less)");
    }
    SnapshotFile.write(file, snapshot(environment));
  }

  /** {@return what {@link #save} writes} */
  byte[] snapshot(Environment environment) throws IOException {
    return new SnapshotWriter(words, regions, clock).write(environment);
  }

  /**
   * Restores bindings that a table of about the same capacity saved, with the time that was left to
   * them less that which has passed by the wall clock. To be called before sessions are bound: it
   * never replaces a live binding, but one that is made by another thread meanwhile may be
   * forgotten. Where the table has bindings already, or other durations than the one that was
   * saved, restored ones may live longer, by a 32nd of the longer duration. A table in which
   * sessions do not end by their age does not know it: to one in which they do, they are as if made
   * when they were saved.
   *
   * @param file what {@link #save} wrote with the same secret
   * @param environment the affinity's; where its wall clock went back since, no time has passed
   * @return what was restored; a file that cannot be read, or was not written so, changes nothing
   */
  @Override
  public Restored restore(Path file, Environment environment) {
    try {
      return restore(SnapshotFile.read(file, SnapshotFormat.mostBytes(words)), environment);
    } catch (Refusal refusal) {
      return Restored.refused(String.valueOf(refusal.getMessage()));
    }
  }

  /** Restores what {@link #snapshot} returned. */
  synchronized Restored restore(byte[] snapshot, Environment environment) throws Refusal {
    SnapshotReader reader = new SnapshotReader(snapshot, environment, words);
    Restoration restoration = new Restoration(
        regions,
        clock,
        this::useNameOrRefuse,
        reader,
        names.uses() == 0,
        environment.wallClock().instant());
    reader.tell(restoration);
    return restoration.result();
  }

  /**
   * {@return the slot of a name, in use; null if there is none} If all slots are taken, one region
   * removes its expired bindings: the next one for each call, so that no call takes long.
   */
  private @Nullable Slot useName(String name) {
    Slot slot = names.use(name);
    if (slot != null) {
      return slot;
    }
    regions[Math.floorMod(nextSwept.getAndIncrement(), regions.length)].sweep();
    return names.use(name);
  }

  private @Nullable Slot useNameOrRefuse(String name) {
    Slot slot = useName(name);
    if (slot == null) {
      refusedNames.increment();
    }
    return slot;
  }

  /** {@return the name of a word if it is a live binding and still there} */
  private @Nullable String name(int at, long word, long probe, int region, Tick now) {
    if (!BindingWord.matches(word, probe)
        || !now.isAlive(word)
        || !Segment.isFresh(swept.get(region), now)) {
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
