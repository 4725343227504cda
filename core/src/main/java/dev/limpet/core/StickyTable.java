package dev.limpet.core;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Remembers to which backend each session is bound, by name, until the session elapses. A table has a
 * bounded number of places and never gives up a live binding for a new one: it answers {@link
 * Bound.Status#FULL}, and remembers for one duration that it did.
 *
 * <p>Safe for use by many threads at once; every operation on one key is atomic. A place
 * may become free a moment after its binding has ended. A table
 * within one process should pass the {@code StickyTableContract} of this module's test jar.
 */
public interface StickyTable {

  /**
   * Returns the name that the key is bound to, and counts as a use of the binding.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @return the name, or null if there is no live binding
   */
  @Nullable
  String lookup(long key);

  /**
   * Returns the name that the key is bound to. Does not count as a use.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @return the name, or null if there is no live binding
   */
  @Nullable
  String peek(long key);

  /**
   * {@return whether an unknown key may be that of a session which found no place here within the last
   * duration, so that it should be bound to its rendezvous choice and nothing else}
   *
   * @param key a key of {@link KeyHasher}, never 0
   */
  boolean wantsHash(long key);

  /**
   * Binds the key if it is still bound as expected. A binding that has elapsed is no binding. A
   * re-bound session keeps its age. {@code STORED} and {@code HELD} count as uses of the binding.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that the caller found, or null if it found none
   * @param candidate the name to bind the key to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened: {@link Bound.Status#STORED} for the one caller that bound the key, {@link
   *     Bound.Status#HELD} with the present name if the key is bound to another name than expected, or to
   *     any where none was, {@link Bound.Status#ABSENT} if a name was expected and the key is bound to none,
   *     {@link Bound.Status#FULL} if there is no place and what was bound stays, {@link
   *     Bound.Status#HASH_WANTED} if none was expected, there is none, {@link #wantsHash} holds and the
   *     candidate is not by hash
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash);

  /**
   * Removes the key's binding if it is still the expected one.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that {@link #lookup} or {@link #peek} returned
   * @return whether this call removed it; false if another thread moved or removed it first
   */
  boolean unbind(long key, String expected);

  /**
   * {@return how many live bindings lead to a name; empty if this table does not count them} All bindings are
   * counted that were stored before this is called. May take as long as looking at the whole table.
   *
   * @param name the name
   */
  default OptionalLong bindings(String name) {
    return OptionalLong.empty();
  }
}
