package dev.limpet.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Where bindings are shared: one place that all proxies of a pool ask. Never blocks, and its stages complete
 * normally, within a deadline, whatever happens. Called by many threads at once.
 */
interface BindingStore {

  /**
   * Binds a session in one round trip, if the store agrees. The candidate is stored where there is no binding, or
   * an older one than expected, or the expected one (of the same name and version); otherwise the stored one holds.
   * A stored binding that is found so, or is the candidate already, is renewed if it is to be.
   *
   * @param key the session's key
   * @param expected what the caller knows, or null for nothing
   * @param candidate what to store: the expected one itself to renew it, or null to look only
   * @param age how long ago the session was used: it is kept as if it had been told of then
   * @return what the store has now
   */
  CompletionStage<Answer> bind(
      long key, @Nullable SharedBinding expected, @Nullable SharedBinding candidate, Duration age);

  /** Binds a session that is being used now. */
  default CompletionStage<Answer> bind(
      long key, @Nullable SharedBinding expected, @Nullable SharedBinding candidate) {
    return bind(key, expected, candidate, Duration.ZERO);
  }

  /**
   * Removes a session's binding, unless the store has a newer one than expected.
   *
   * @param key the session's key
   * @param expected what the caller knows
   * @return what the store has now
   */
  CompletionStage<Answer> unbind(long key, SharedBinding expected);

  /**
   * Runs a task after a while, on a thread of the store's; never, once the store is closed.
   *
   * @param delay how long to wait
   * @param task what to run
   */
  void later(Duration delay, Runnable task);

  /**
   * Sets who hears of changes. Called once, before anything is asked.
   *
   * @param listener called by the store's threads
   */
  void listen(Listener listener);

  /** Hears what other proxies change. */
  interface Listener {

    /**
     * A binding was replaced or removed.
     *
     * @param key the session's key
     * @param version the version of what is stored now, or of what was removed plus one
     */
    void changed(long key, int version);

    /** The store was out of reach and is there again: it may have lost anything, and changes were missed. */
    void reconnected();
  }
}
