package dev.limpet.core;

/** Picks backends for new sessions. Called by many threads at once. */
@FunctionalInterface
public interface Picker {

  /**
   * Picks a backend.
   *
   * @param key the key of the session or request, or {@link KeyExtractor#NONE}
   * @return one of the backends that the picker was made for
   */
  Backend pick(long key);
}
