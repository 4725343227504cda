package dev.limpet.core;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Stores the bindings of sessions to backends, by name, until the sessions expire. A table has a
 * fixed number of slots and never evicts a live binding. If no slot is free, a bind returns {@link
 * Bound.Status#FULL}, and the table remembers that for one duration.
 *
 * <p>Safe for use by many threads at once; every operation on one key is atomic. A slot may become
 * free slightly after its binding has expired.
 *
 * <p>Embedders may implement it. A table within one process should pass the {@code
 * StickyTableContract} of this module's test jar. Methods that are added later have defaults.
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
   * {@return true if an unknown key may be that of a session which found no free slot here within
   * the last duration} Such a session fell back to hashing, so it must be bound to its rendezvous
   * choice only.
   *
   * @param key a key of {@link KeyHasher}, never 0
   */
  boolean wantsHash(long key);

  /**
   * Binds the key if it is still bound as expected. An expired binding counts as none. A session
   * that is bound to another backend keeps its age. {@code STORED} and {@code HELD} count as uses
   * of the binding.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that the caller found, or null if it found none
   * @param candidate the name to bind the key to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return the result:
   *     <ul>
   *       <li>{@link Bound.Status#STORED} if this call bound the key
   *       <li>{@link Bound.Status#HELD} with the present name if the key is bound to another name
   *           than expected, or to any name if none was expected
   *       <li>{@link Bound.Status#ABSENT} if a name was expected, but the key is not bound
   *       <li>{@link Bound.Status#FULL} if no slot is free; existing bindings do not change
   *       <li>{@link Bound.Status#HASH_WANTED} if no name was expected, the key is not bound,
   *           {@link #wantsHash} is true, and {@code byHash} is false
   *     </ul>
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash);

  /**
   * Binds the key as {@link #bind} does, for tables that ask a shared store. The default calls
   * {@link #bind}.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that the caller found, or null if it found none
   * @param candidate the name to bind the key to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return a stage that completes with the result, or with {@link Bound.Status#UNAVAILABLE} if the
   *     store did not answer. Never completes exceptionally
   */
  default CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return CompletableFuture.completedStage(bind(key, expected, candidate, byHash));
  }

  /**
   * Asks the shared store for a key that {@link #lookup} did not find. Binds nothing. Later lookups
   * find what the store answered. The default calls {@link #peek}.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @return a stage that completes with {@link Bound.Status#HELD}, {@link Bound.Status#ABSENT} or,
   *     if the store did not answer, {@link Bound.Status#UNAVAILABLE}. Never completes
   *     exceptionally
   */
  default CompletionStage<Bound> findAsync(long key) {
    String name = peek(key);
    return CompletableFuture.completedStage((name == null) ? Bound.ABSENT : Bound.held(name));
  }

  /**
   * Removes the key's binding if it is still the expected one.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that {@link #lookup} or {@link #peek} returned
   * @return true if this call removed it; false if it was not bound as expected, for example
   *     because another thread moved or removed it first
   */
  boolean unbind(long key, String expected);

  /**
   * Records a use of a session that has an open route. If the binding has expired, a table that
   * belongs to this process only binds the session again. The default does not.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param name the backend of the open route
   * @param age the age of the session: the result of {@link #age} when the route was opened, plus
   *     the time since; null if ages do not matter
   * @return {@link Bound.Status#STORED} or {@link Bound.Status#HELD} with the name that the key is
   *     bound to now, {@link Bound.Status#FULL} if no slot is free to bind it again, or {@link
   *     Bound.Status#ABSENT} if it is not bound and cannot be
   */
  default Bound renew(long key, String name, @Nullable Duration age) {
    String bound = lookup(key);
    return (bound != null) ? Bound.held(bound) : Bound.ABSENT;
  }

  /**
   * {@return the age of a bound session; null, the default, if the key is not bound, or if bindings
   * do not expire by age}
   *
   * @param key a key of {@link KeyHasher}, never 0
   */
  default @Nullable Duration age(long key) {
    return null;
  }

  /**
   * {@return true if other processes may have bindings that this one does not know; false by
   * default}
   */
  default boolean isShared() {
    return false;
  }

  /**
   * {@return the number of live bindings to a name; empty, the default, if this table does not
   * count them} All bindings that were stored before the call are counted. May scan the whole
   * table.
   *
   * @param name the name
   */
  default OptionalLong bindings(String name) {
    return OptionalLong.empty();
  }

  /**
   * {@return the numbers of live bindings by name, without names that have none; null, the default,
   * if this table does not count them} Meant for metrics, because it takes about as long for all
   * names together as {@link #bindings(String)} does for one.
   */
  default @Nullable Map<String, Long> bindings() {
    return null;
  }

  /** {@return the maximum number of bindings; 0, the default, if it is unknown} */
  default long capacity() {
    return 0;
  }
}
