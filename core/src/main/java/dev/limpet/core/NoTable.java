package dev.limpet.core;

import org.jspecify.annotations.Nullable;

/**
 * Stands for the client, where bindings are in cookies or do not slide. It lets the open routes of
 * a session be found by its key. Has no bindings.
 */
final class NoTable implements StickyTable {
  static final NoTable INSTANCE = new NoTable();

  private static final String ANY = "";

  private NoTable() {}

  /** {@return a text, as the binding need not be renewed} */
  @Override
  public String lookup(long key) {
    return ANY;
  }

  @Override
  public @Nullable String peek(long key) {
    return null;
  }

  @Override
  public boolean wantsHash(long key) {
    return false;
  }

  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return Bound.NOT_KEPT;
  }

  @Override
  public boolean unbind(long key, String expected) {
    return false;
  }
}
