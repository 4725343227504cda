package dev.limpet.core;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Finds and binds the sessions of requests. A session is bound to a backend's name; the router
 * decides whether that backend can serve. Called by many threads at once.
 *
 * <p>Embedders may implement it, but most need only a {@link KeyExtractor}. Methods that are added
 * later have defaults.
 *
 * @param <R> the embedder's type of request or connection
 * @see dev.limpet.core.affinity.KeyAffinity
 */
public interface Affinity<R> {

  /** The maximum number of affinities in a chain: 8. */
  int MAX_CHAIN = 8;

  /**
   * Finds the backend that the request's session is bound to, and counts as a use of the session.
   *
   * @param request the request
   * @param pool the backends at this moment
   * @return the member or name that the session is bound to, or the reason why it is not bound
   */
  Recall recall(R request, PoolSnapshot pool);

  /**
   * Finds the backend that the request's session is bound to. Does not count as a use.
   *
   * @param request the request
   * @param pool the backends at this moment
   * @return the member or name that the session is bound to, or the reason why it is not bound
   */
  Recall peek(R request, PoolSnapshot pool);

  /**
   * Returns the key of the request's session, which never changes while the session lives.
   *
   * @param request the request
   * @return the key, or {@link KeyExtractor#NONE} if the session has no key, or none yet; never
   *     {@link KeyExtractor#UNUSABLE}. For such a key, {@link #recall} and {@link #peek} return
   *     {@link Reason#UNUSABLE_KEY}
   */
  long key(R request);

  /**
   * Binds the session if it is still bound as expected.
   *
   * @param key the result of {@link #key}
   * @param expected the name that {@link #recall} found, or null if it found none
   * @param candidate the name to bind the session to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return the result
   * @see StickyTable#bind
   */
  Bound bind(long key, @Nullable String expected, String candidate, boolean byHash);

  /**
   * Binds the session as {@link #bind} does, for affinities that ask a shared store. An affinity
   * that counts bindings must count these too. The default calls {@link #bind}.
   *
   * @param key the result of {@link #key}
   * @param expected the name that {@link #recall} found, or null if it found none
   * @param candidate the name to bind the session to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return a stage that completes with the result
   * @see StickyTable#bindAsync
   */
  default CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return CompletableFuture.completedStage(bind(key, expected, candidate, byHash));
  }

  /**
   * Removes the session's binding if it is still the expected one.
   *
   * @param key the result of {@link #key}
   * @param expected the name that the session is bound to
   * @return true if this call removed it; false otherwise, and always if this process does not
   *     store bindings
   */
  boolean unbind(long key, String expected);

  /**
   * Returns whether an unbound session may be bound, for example within a quota. A session that is
   * not admitted falls back to hashing with {@link Reason#OVER_QUOTA}. As long as such a session
   * may return, {@link #recall} must answer unknown sessions like it with {@link Recall#hashed}.
   *
   * @param request the request
   * @param key the result of {@link #key}, not {@link KeyExtractor#NONE}
   * @return true unless a limit of sessions is reached. Called at most once per request. For each
   *     true result, {@link #endAdmission} is called once
   */
  default boolean admits(R request, long key) {
    return true;
  }

  /**
   * Ends an admission. Called when the request that {@link #admits} admitted has been routed,
   * whether its session was bound or not. Release any reservation that was not used.
   *
   * @param key the key that was admitted
   */
  default void endAdmission(long key) {}

  /**
   * {@return true if responses may begin sessions, as with application cookies} In that case,
   * nobody knows which requests without a key will begin one, and the router picks their backends
   * for {@link Picker.Purpose#MAY_BEGIN_SESSION}. Always returns the same value; false by default.
   */
  default boolean learns() {
    return false;
  }

  /**
   * {@return the sessions that a backend still has, for a drain} The default is {@link
   * Remaining#UNKNOWN}, so a drain lasts until its deadline.
   *
   * @param name the backend's name
   */
  default Remaining remaining(String name) {
    return Remaining.UNKNOWN;
  }

  /**
   * {@return the table that has the bindings of the sessions; null, the default, without a table}
   * While a route of a pool that counts connections is open, its session does not expire for lack
   * of use, unless its duration is absolute. In a chain, {@code routeAsync} asks a shared table
   * before a later affinity serves the session. If the table finds a name by {@link #tableKey},
   * {@link #recall} must find the same name.
   */
  default @Nullable StickyTable table() {
    return null;
  }

  /**
   * {@return the key by which the table most probably has the session; {@link KeyExtractor#NONE} if
   * the request has no key} The router looks it up first. The default is {@link #key}. Override
   * this if {@link #key} itself must look keys up.
   *
   * @param request the request
   */
  default long tableKey(R request) {
    return key(request);
  }

  /**
   * {@return the failover that suits these sessions; null, the default, for {@link Failover#MOVE}}
   * {@link RouterBuilder#failover} overrides it.
   */
  default @Nullable Failover failover() {
    return null;
  }

  /**
   * {@return true if a session cannot continue once its backend has left the pool; false by
   * default} With {@link Failover#STRICT}, the router then refuses such a session with {@link
   * Reason#BACKEND_GONE} instead of binding it to another backend, and one that only a silent store
   * may know with {@link Reason#STORE_UNAVAILABLE} instead of hashing its key.
   */
  default boolean endsWithBackend() {
    return false;
  }

  /**
   * {@return the affinities of a chain in their order; for any other affinity, only itself} Routers
   * call these, each for its own sessions.
   */
  default List<Affinity<? super R>> parts() {
    return List.of(this);
  }

  /**
   * Chains affinities: sessions that this affinity does not know are passed to the next one.
   *
   * <ul>
   * <li>A request goes to the backend of the first affinity that has a live binding for it.
   * <li>If none has, the first affinity that can bind the session binds it. An LB cookie always
   *   can.
   * <li>{@link Route#affinity} returns the position of that affinity.
   * <li>The router checks each affinity against its profile.
   * </ul>
   *
   * @param next the next affinity; may be a chain
   * @return the chain
   * @throws IllegalArgumentException if it has more than {@link #MAX_CHAIN} affinities
   */
  default Affinity<R> orElse(Affinity<? super R> next) {
    return AffinityChain.of(this, next);
  }

  /**
   * {@return the declared stickiness of this affinity, which the router checks against its {@link
   * Profile}; null for no stickiness}
   */
  @Nullable
  StickySession session();

  /**
   * {@return the environment whose secret makes the keys, including those that balancers use; null,
   * the default, for the pool's}
   */
  default @Nullable Environment environment() {
    return null;
  }

  /**
   * {@return an affinity without sessions: the balancer picks a backend for each request}
   *
   * @param <R> the embedder's type of request or connection
   */
  @SuppressWarnings("unchecked") // it ignores requests
  static <R> Affinity<R> none() {
    return (Affinity<R>) NoAffinity.INSTANCE;
  }
}
