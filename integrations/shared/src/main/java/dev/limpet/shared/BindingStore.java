package dev.limpet.shared;

import dev.limpet.core.Environment;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where the proxies of a pool share its bindings: one place that all of them ask. Implement it to
 * share tables in a store of your own, and test it with the {@code BindingStoreContract} of this
 * module's test jar. Methods that are added later have defaults. Called by many threads at once.
 *
 * <ul>
 * <li>It never blocks. Every stage completes normally, within a deadline that the store sets, with
 *     {@link StoreAnswer#UNAVAILABLE} for anything that is not an answer.
 * <li>Each call is atomic for its key. One round trip is a goal, not a rule; a compare-and-set loop
 *     will do.
 * <li>Time is the store's: a binding is kept for {@link Retention#millis} after it was last stored
 *     or renewed, but never beyond its {@link SharedBinding#end}. Every answer says how much is
 *     left.
 * <li>What is stored is authentic: it is signed with a secret that follows from the environment's,
 *     over the pool, the key and the whole binding, or nobody but the proxies can write to the
 *     store. What does not verify counts as absent.
 * <li>Names have up to 257 printable ASCII characters, versions are 1..2<sup>31</sup>-1.
 * </ul>
 */
public interface BindingStore {

  /**
   * Begins to share. Called once for each table, before anything is asked.
   *
   * @param retention how long bindings are kept
   * @param environment the affinity's secret and clocks, of the same secret at all proxies
   * @param listener hears what other proxies change, on the store's threads
   * @return the bindings of the pool
   */
  Bindings open(Retention retention, Environment environment, Listener listener);

  /** The bindings of a pool. Called by many threads at once. */
  interface Bindings {

    /**
     * Looks for a session's binding, and renews it if less than {@link Retention#renewBelow} is
     * left.
     *
     * @param key the session's key
     * @return {@code HELD} with what the store has, or {@code ABSENT}
     */
    CompletionStage<StoreAnswer> find(long key);

    /**
     * Binds a session, if the store agrees.
     *
     * <table>
     * <caption>What the store does</caption>
     * <tr><th>expected</th><th>it has nothing</th><th>it has the candidate's name and version</th>
     *     <th>it has an older version than expected, or the expected name and version</th>
     *     <th>it has anything else</th></tr>
     * <tr><td>null</td><td>stores: {@code STORED}</td><td>{@code HELD}, renewed if due</td>
     *     <td>-</td><td>{@code HELD}, renewed if due</td></tr>
     * <tr><td>other than the candidate</td><td>stores: {@code STORED}; tells all the candidate's
     *     version, as others may know what was lost</td><td>{@code HELD}, renewed if due</td>
     *     <td>replaces: {@code STORED}; tells all the candidate's version</td>
     *     <td>{@code HELD}, renewed if due</td></tr>
     * <tr><td>the candidate itself</td><td>stores: {@code STORED}</td>
     *     <td>{@code HELD}, renewed if due</td><td>an older version: replaces: {@code STORED};
     *     tells all the candidate's version</td><td>{@code HELD}, renewed if due</td></tr>
     * </table>
     *
     * <p>The first column that fits holds.
     *
     * <p>A sliding session that is bound to another name begins anew; an absolute one keeps what is
     * left.
     *
     * @param key the session's key
     * @param expected what the caller knows, or null for nothing
     * @param candidate what to store; the expected binding itself to renew it
     * @param age how long ago the session was used: the binding is kept as {@link Retention#after}
     *     says
     * @return what the store has now
     */
    CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate, Duration age);

    /**
     * Binds a session that is being used now.
     *
     * @param key the session's key
     * @param expected what the caller knows, or null for nothing
     * @param candidate what to store
     * @return what the store has now
     */
    default CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate) {
      return bind(key, expected, candidate, Duration.ZERO);
    }

    /**
     * Removes a session's binding, unless the store has a newer version than expected, and tells
     * all the expected version plus one, or the last version if there is none after it. Told also
     * where there was nothing to remove: others may know what was lost.
     *
     * @param key the session's key
     * @param expected what the caller knows
     * @return {@code ABSENT}, or {@code HELD} with the newer binding, which is not renewed
     */
    CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected);

    /**
     * Runs a task after a while, on a thread of the store's. The default never does: then a change
     * that the store could not be told of is told when the store answers something else.
     *
     * @param delay how long to wait
     * @param task what to run; not run once the store is closed
     */
    default void later(Duration delay, Runnable task) {}

    /**
     * Counts a change that the store could not be told of, nor is remembered for later. The default
     * counts nothing.
     */
    default void countUntold() {}
  }

  /**
   * Hears what other proxies change. Implemented by Limpet; stores call it, on threads of their
   * own.
   */
  interface Listener {

    /**
     * A binding was replaced or removed. Every table of the pool hears of it, the writer's own
     * included, in any order; hearing of it twice does no harm. What is not heard of is corrected
     * by the store's next answer for the key.
     *
     * @param key the session's key
     * @param version the version of what is stored now, or of what was removed plus one
     */
    void changed(long key, int version);

    /**
     * The store was out of reach and is there again: it may have lost anything, and changes were
     * missed.
     */
    void reconnected();
  }
}
