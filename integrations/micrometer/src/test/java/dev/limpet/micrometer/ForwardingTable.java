package dev.limpet.micrometer;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Does what another table does; a test overrides what it looks at. */
class ForwardingTable implements StickyTable {
  private final StickyTable table;

  ForwardingTable(StickyTable table) {
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
