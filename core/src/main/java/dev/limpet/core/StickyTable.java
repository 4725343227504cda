package dev.limpet.core;

import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Remembers to which backend each session is bound, by name, until the session expires. A table has
 * a bounded number of slots and never evicts a live binding for a new one: it answers {@link
 * Bound.Status#FULL}, and remembers for one duration that it did.
 *
 * <p>Safe for use by many threads at once; every operation on one key is atomic. A slot may become
 * free a moment after its binding has expired.
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
   * {@return whether an unknown key may be that of a session which found no slot here within the
   * last duration, so that it should be bound to its rendezvous choice and nothing else}
   *
   * @param key a key of {@link KeyHasher}, never 0
   */
  boolean wantsHash(long key);

  /**
   * Binds the key if it is still bound as expected. An expired binding is no binding. A session
   * that is bound again keeps its age. {@code STORED} and {@code HELD} count as uses of the
   * binding.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that the caller found, or null if it found none
   * @param candidate the name to bind the key to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened: {@link Bound.Status#STORED} for the one caller that bound the key,
   *     {@link Bound.Status#HELD} with the present name if the key is bound to another name than
   *     expected, or to any where none was, {@link Bound.Status#ABSENT} if a name was expected and
   *     the key is bound to none, {@link Bound.Status#FULL} if there is no slot and what was bound
   *     stays, {@link Bound.Status#HASH_WANTED} if none was expected, there is none, {@link
   *     #wantsHash} holds and the candidate is not by hash
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash);

  /**
   * Binds the key as {@link #bind} does, where the place that knows may take time to answer. The
   * default binds at once.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @param expected the name that the caller found, or null if it found none
   * @param candidate the name to bind the key to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened, in the end; {@link Bound.Status#UNAVAILABLE} where nobody answered.
   *     Never completes exceptionally
   */
  default CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return CompletableFuture.completedStage(bind(key, expected, candidate, byHash));
  }

  /**
   * Asks the place that knows for a key that {@link #lookup} did not find, and binds nothing. What
   * it answers, lookups find from then on. The default looks here again.
   *
   * @param key a key of {@link KeyHasher}, never 0
   * @return what was found, in the end: {@link Bound.Status#HELD}, {@link Bound.Status#ABSENT} or,
   *     where nobody answered, {@link Bound.Status#UNAVAILABLE}. Never completes exceptionally
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
   * @return whether this call removed it; false if another thread moved or removed it first
   */
  boolean unbind(long key, String expected);

  /**
   * {@return how many live bindings refer to a name; empty if this table does not count them} All
   * bindings are counted that were stored before the call. May take as long as looking at the whole
   * table.
   *
   * @param name the name
   */
  default OptionalLong bindings(String name) {
    return OptionalLong.empty();
  }

  /** {@return how many bindings the table holds at most; 0 if that is not known} */
  default long capacity() {
    return 0;
  }
}
