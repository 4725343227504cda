package dev.limpet.shared;

import dev.limpet.core.Environment;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The store in which the proxies of a pool share its bindings. Implement it to share tables in your
 * own store, and test it with the {@code BindingStoreContract} of this module's test jar. Methods
 * that are added later have defaults. Called by many threads at once.
 *
 * <ul>
 * <li>It never blocks. Every stage completes normally, within a deadline that the store sets, and
 *     with {@link StoreAnswer#UNAVAILABLE} for anything that is not a valid answer.
 * <li>Each call is atomic for its key. One round trip is a goal, not a rule; a compare-and-set loop
 *     is also fine.
 * <li>Time is the store's: a binding is kept for {@link Retention#millis} after it was last stored
 *     or renewed, but never beyond its {@link SharedBinding#end}. Every answer says how much time
 *     is left.
 * <li>Stored bindings are authentic. Either they are signed with a secret derived from the
 *     environment's, over the pool, the key and the whole binding, or only the proxies can write to
 *     the store. A binding whose signature is wrong counts as absent.
 * <li>Names have up to 257 printable ASCII characters, versions are 1..2<sup>31</sup>-1.
 * </ul>
 */
public interface BindingStore {

  /**
   * Opens the store for one table. Called once per table, before any other call.
   *
   * @param retention how long bindings are kept
   * @param environment the affinity's secret and clocks; the secret is the same at all proxies
   * @param listener is notified of the changes of other proxies, on the store's threads
   * @return the bindings of the pool
   */
  Bindings open(Retention retention, Environment environment, Listener listener);

  /** The bindings of a pool. Called by many threads at once. */
  interface Bindings {

    /**
     * Looks up a session's binding, and renews it if less than {@link Retention#renewBelow} is
     * left.
     *
     * @param key the session's key
     * @return {@code HELD} with the stored binding, or {@code ABSENT}
     */
    CompletionStage<StoreAnswer> find(long key);

    /**
     * Binds a session, unless the store has a newer or another binding.
     *
     * <table>
     * <caption>What the store does; the first column that applies decides</caption>
     * <tr><th>expected</th>
     *     <th>it has nothing</th>
     *     <th>it has the candidate's name and version</th>
     *     <th>it has an older version than expected, or the expected name and version</th>
     *     <th>it has anything else</th></tr>
     * <tr><td>null</td>
     *     <td>stores: {@code STORED}</td>
     *     <td>{@code HELD}, renewed if due</td>
     *     <td>-</td>
     *     <td>{@code HELD}, renewed if due</td></tr>
     * <tr><td>other than the candidate</td>
     *     <td>stores: {@code STORED}; notifies all of the candidate's version, because others may
     *     know the binding that was lost</td>
     *     <td>{@code HELD}, renewed if due</td>
     *     <td>replaces: {@code STORED}; notifies all of the candidate's version</td>
     *     <td>{@code HELD}, renewed if due</td></tr>
     * <tr><td>the candidate itself</td>
     *     <td>stores: {@code STORED}</td>
     *     <td>{@code HELD}, renewed if due</td>
     *     <td>an older version: replaces: {@code STORED}; notifies all of the candidate's
     *     version</td>
     *     <td>{@code HELD}, renewed if due</td></tr>
     * </table>
     *
     * <p>When a sliding session is bound to another name, its retention starts again; an absolute
     * session keeps the time that is left.
     *
     * @param key the session's key
     * @param expected the binding that the caller knows, or null if absent
     * @param candidate the binding to store; the expected binding itself to renew it
     * @param age how long ago the session was used: the binding is kept as {@link Retention#after}
     *     says
     * @return the binding that the store has now
     */
    CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate, Duration age);

    /**
     * Binds a session that is being used now.
     *
     * @param key the session's key
     * @param expected the binding that the caller knows, or null if absent
     * @param candidate the binding to store
     * @return the binding that the store has now
     */
    default CompletionStage<StoreAnswer> bind(
        long key, @Nullable SharedBinding expected, SharedBinding candidate) {
      return bind(key, expected, candidate, Duration.ZERO);
    }

    /**
     * Removes a session's binding, unless the store has a newer version than expected. Notifies all
     * listeners of the expected version plus one, or of the last version, which no other follows.
     * They are also notified if there was nothing to remove, because others may know a binding that
     * was lost.
     *
     * @param key the session's key
     * @param expected the binding that the caller knows
     * @return {@code ABSENT}, or {@code HELD} with the newer binding, which is not renewed
     */
    CompletionStage<StoreAnswer> unbind(long key, SharedBinding expected);

    /**
     * Runs a task later, on a thread of the store. The default never runs it; then a change that
     * could not be reported is reported when the store next answers another call.
     *
     * @param delay how long to wait
     * @param task the task; not run once the store is closed
     */
    default void later(Duration delay, Runnable task) {}

    /**
     * Counts a change that could not be reported to the store and is not remembered for later. The
     * default does nothing.
     */
    default void countUntold() {}
  }

  /**
   * Is notified of the changes of other proxies. Implemented by Limpet; stores call it on their own
   * threads.
   */
  interface Listener {

    /**
     * Handles that a binding was replaced or removed. Every table of the pool is notified,
     * including the writer's own, in any order; a second notification does no harm. The effect of a
     * lost notification is corrected by the store's next answer for the key.
     *
     * @param key the session's key
     * @param version the version of the binding that is stored now, or that of the removed binding
     *     plus one
     */
    void changed(long key, int version);

    /**
     * Handles that the store can be reached again after an outage: it may have lost any binding,
     * and notifications were missed.
     */
    void reconnected();
  }
}
