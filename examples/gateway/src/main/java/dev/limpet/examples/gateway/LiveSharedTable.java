package dev.limpet.examples.gateway;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import dev.limpet.shared.SharedTable;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A shared table whose durations can change while sessions use it. The store keeps all bindings;
 * the next table also begins with those that this process knows, so that it can serve and count
 * them even if the store does not answer. Safe for use by many threads at once; never blocks.
 */
final class LiveSharedTable implements StickyTable {
  private volatile SharedTable table;

  LiveSharedTable(SharedTable table) {
    this.table = table;
  }

  /** Returns the table that is in use. */
  SharedTable present() {
    return table;
  }

  /** Continues with another table of the same store. */
  void change(SharedTable next) {
    table = next;
  }

  @Override
  public @Nullable String lookup(long key) {
    return table.lookup(key);
  }

  @Override
  public @Nullable String peek(long key) {
    return table.peek(key);
  }

  @Override
  public boolean wantsHash(long key) {
    return table.wantsHash(key);
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return table.bind(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return table.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public CompletionStage<Bound> findAsync(long key) {
    return table.findAsync(key);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
  }

  @Override
  public Bound renew(long key, String name, @Nullable Duration age) {
    return table.renew(key, name, age);
  }

  @Override
  public @Nullable Duration age(long key) {
    return table.age(key);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public OptionalLong bindings(String name) {
    return table.bindings(name);
  }

  @Override
  public @Nullable Map<String, Long> bindings() {
    return table.bindings();
  }

  @Override
  public long capacity() {
    return table.capacity();
  }
}
