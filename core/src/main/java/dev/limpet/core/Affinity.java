package dev.limpet.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Knows <em>who</em> a request's session is bound to, by name. Whether that backend can serve is
 * not its business. Called by many threads at once.
 *
 * <p>Embedders may implement it; most need a {@link KeyExtractor} only. Methods that are added
 * later have defaults.
 *
 * @param <R> the embedder's request
 * @see dev.limpet.core.affinity.KeyAffinity
 */
public interface Affinity<R> {

  /**
   * Recalls the backend that the request's session is bound to, as one use of the session.
   *
   * @param request the request
   * @param pool the backends of this moment
   * @return the bound member or name, or the reason why there is none
   */
  Recall recall(R request, PoolSnapshot pool);

  /**
   * Recalls the backend without using the session.
   *
   * @param request the request
   * @param pool the backends of this moment
   * @return the bound member or name, or the reason why there is none
   */
  Recall peek(R request, PoolSnapshot pool);

  /**
   * Returns the key of the request's session: the same for the session's whole life.
   *
   * @param request the request
   * @return the key, or {@link KeyExtractor#NONE} if the session has none, or none yet
   */
  long key(R request);

  /**
   * Binds the session if it is still bound as expected.
   *
   * @param key what {@link #key} returned
   * @param expected the name that {@link #recall} found, or null if it found none
   * @param candidate the name to bind the session to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened
   * @see StickyTable#bind
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash);

  /**
   * Binds the session as {@link #bind} does, where the place that knows may take time to answer. An
   * affinity that counts what it binds counts it here too. The default binds at once.
   *
   * @param key what {@link #key} returned
   * @param expected the name that {@link #recall} found, or null if it found none
   * @param candidate the name to bind the session to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened, in the end
   * @see StickyTable#bindAsync
   */
  default CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return CompletableFuture.completedStage(bind(key, expected, candidate, byHash));
  }

  /**
   * Removes the session's binding if it is still the expected one.
   *
   * @param key what {@link #key} returned
   * @param expected the name that the session is bound to
   * @return whether this call removed it; false too if bindings are not kept in this process
   */
  boolean unbind(long key, String expected);

  /**
   * Says whether a session that is bound to nothing may take a place. One that may not is served by
   * the rendezvous choice of its key, for {@link Reason#OVER_QUOTA}; and as long as such a session
   * may come back, recalls of unknown sessions like it are {@link Recall#hashed}.
   *
   * @param request the request
   * @param key what {@link #key} returned, not {@link KeyExtractor#NONE}
   * @return true unless a limit of new sessions is reached; asked at most once for each request.
   *     After true, {@link #endAdmission} is called once
   */
  default boolean admits(R request, long key) {
    return true;
  }

  /**
   * Ends an admission: the request that {@link #admits} was asked for has been placed, whether its
   * session was bound or not. What was reserved for it, and is not used, is free again.
   *
   * @param key the key that was admitted
   */
  default void endAdmission(long key) {}

  /**
   * {@return whether sessions may begin by responses, as those of app cookies do} Then it is not
   * known which request without a key will begin one, and their backends are picked so that this
   * does not matter: see {@link Picker.Purpose#MAY_BEGIN_SESSION}. Always the same; false by
   * default.
   */
  default boolean learns() {
    return false;
  }

  /**
   * {@return what still belongs to a backend, for one that drains} The default knows nothing, so
   * that a drain lasts until its deadline.
   *
   * @param name the backend's name
   */
  default Remaining remaining(String name) {
    return Remaining.UNKNOWN;
  }

  /**
   * {@return what this affinity was declared to be, which the router checks against its {@link
   * Profile}; null for no stickiness}
   */
  @Nullable
  StickySession session();

  /**
   * {@return whose secret makes the keys, also those that routers balance by; null, the default,
   * for the pool's}
   */
  default @Nullable Environment environment() {
    return null;
  }

  /**
   * {@return the affinity of requests that belong to no session: the balancer picks for each of
   * them}
   *
   * @param <R> the embedder's request
   */
  @SuppressWarnings("unchecked") // it looks at no request
  static <R> Affinity<R> none() {
    return (Affinity<R>) NoAffinity.INSTANCE;
  }
}
