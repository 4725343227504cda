package dev.limpet.core;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Does what another table does, and answers at once; a test overrides what happens in between. */
public class ForwardingTable implements StickyTable {
  public final StickyTable table;

  public ForwardingTable(StickyTable table) {
    this.table = table;
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
    return table.isShared();
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
