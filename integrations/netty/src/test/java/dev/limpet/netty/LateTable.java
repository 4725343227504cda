package dev.limpet.netty;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;

/** A table that binds on another thread, as one that proxies share does. */
record LateTable(StickyTable table, ExecutorService store) implements StickyTable {
  @Override
  public CompletionStage<Bound> bindAsync(
      long key, String expected, String candidate, boolean byHash) {
    return CompletableFuture.supplyAsync(() -> bind(key, expected, candidate, byHash), store);
  }

  @Override
  public String lookup(long key) {
    return table.lookup(key);
  }

  @Override
  public String peek(long key) {
    return table.peek(key);
  }

  @Override
  public boolean wantsHash(long key) {
    return table.wantsHash(key);
  }

  @Override
  public Bound bind(long key, String expected, String candidate, boolean byHash) {
    return table.bind(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
  }

  @Override
  public boolean isShared() {
    return true;
  }
}
