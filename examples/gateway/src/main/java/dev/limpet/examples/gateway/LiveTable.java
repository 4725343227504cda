package dev.limpet.examples.gateway;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import dev.limpet.core.table.SaveableTable;
import dev.limpet.core.table.TableCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A table whose durations can change while sessions use it. All bindings that are live by the new
 * durations stay, with their last use and their age. Safe for use by many threads at once; an
 * operation waits only while the end of a change copies what was just used.
 */
final class LiveTable implements SaveableTable {
  /*
   * A change copies the bindings to a new table while the old one is in use, and then, under the
   * lock, what has changed since. So no bind and no use falls between the two. Routers that were
   * made before the change reach the new table too, because they know only this object.
   *
   * A lookup takes no lock: it is done again, in the new table, if a change began meanwhile. Then a
   * use that it recorded too late for the copy is recorded again.
   */

  private final long capacity;
  private final NanoClock clock;
  private final StampedLock lock = new StampedLock();
  private volatile CompactStickyTable table;
  private long earlierRefusedNames;

  /**
   * Makes an empty table.
   *
   * @param capacity the maximum number of bindings
   */
  LiveTable(StickySession session, long capacity, NanoClock clock) {
    this.capacity = capacity;
    this.clock = clock;
    this.table = empty(session);
  }

  /** Returns an empty table, for a change to the durations of a session. */
  CompactStickyTable empty(StickySession session) {
    return CompactStickyTable.of(session, capacity, clock);
  }

  /** Changes the durations. */
  void change(StickySession session) {
    change(empty(session));
  }

  /**
   * Changes the durations to those of an empty table, which this table uses from then on. Takes
   * some milliseconds per 100,000 bindings; for nearly all of that time, sessions use the table.
   *
   * @param next a table of {@link #empty}
   */
  synchronized void change(CompactStickyTable next) {
    TableCopy copy = next.beginCopy(table);
    long stamp = lock.writeLock();
    try {
      copy.finish();
      earlierRefusedNames += table.refusedNames();
      table = next;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Returns how many bindings {@link #change} would keep now, and changes nothing. */
  Restored tryChange(StickySession session) {
    return empty(session).copyFrom(table);
  }

  @Override
  public @Nullable String lookup(long key) {
    return read(CompactStickyTable::lookup, key);
  }

  @Override
  public @Nullable String peek(long key) {
    return read(CompactStickyTable::peek, key);
  }

  /** Reads without a lock, and again with it if a change was made meanwhile. */
  private @Nullable String read(Reading reading, long key) {
    long stamp = lock.tryOptimisticRead();
    String name = (stamp == 0) ? null : reading.name(table, key);
    return (stamp != 0 && lock.validate(stamp))
        ? name
        : locked(present -> reading.name(present, key));
  }

  @FunctionalInterface
  private interface Reading {
    @Nullable
    String name(CompactStickyTable table, long key);
  }

  private <T extends @Nullable Object> T locked(Function<CompactStickyTable, T> operation) {
    long stamp = lock.readLock();
    try {
      return operation.apply(table);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public boolean wantsHash(long key) {
    return table.wantsHash(key);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return locked(present -> present.bind(key, expected, candidate, byHash));
  }

  @Override
  public boolean unbind(long key, String expected) {
    return locked(present -> present.unbind(key, expected));
  }

  @Override
  public Bound renew(long key, String name, @Nullable Duration age) {
    return locked(present -> present.renew(key, name, age));
  }

  @Override
  public @Nullable Duration age(long key) {
    return table.age(key);
  }

  @Override
  public OptionalLong bindings(String name) {
    return table.bindings(name);
  }

  @Override
  public Map<String, Long> bindings() {
    return table.bindings();
  }

  @Override
  public long size() {
    return table.size();
  }

  @Override
  public long capacity() {
    return capacity;
  }

  @Override
  public long refusedNames() {
    return locked(present -> earlierRefusedNames + present.refusedNames());
  }

  @Override
  public void save(Path file, Environment environment) throws IOException {
    table.save(file, environment);
  }

  @Override
  public Restored restore(Path file, Environment environment) {
    return locked(present -> present.restore(file, environment));
  }
}
