package dev.limpet.core;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Builds a router. Not for use by several threads at once.
 *
 * @param <R> the embedder's type of request or connection
 * @param <T> the type of the router
 */
public final class RouterBuilder<R, T extends StickyRouter<R>> {
  final Pool pool;
  final Affinity<? super R> affinity;

  @Nullable
  Failover failover;

  boolean returns;

  private @Nullable StickyRouter<?> previous;

  KeyExtractor<? super R> balanceBy = (request, hasher) -> KeyExtractor.NONE;
  RouteListener<? super R> listener = (request, route) -> {};

  private final @Nullable Layer layer;
  private final Function<RouterBuilder<R, T>, T> maker;
  private Profile profile = Profile.ENHANCED;

  /**
   * Makes a builder. For routers that do more than a {@link StickyRouter}.
   *
   * @param pool the backends
   * @param affinity finds and binds the sessions; {@link Affinity#none} for no stickiness
   * @param layer the layer at which the router routes; null for the layer of the affinity's type of
   *     session
   * @param maker makes the router from this builder; called by {@link #build}
   */
  public RouterBuilder(
      Pool pool,
      Affinity<? super R> affinity,
      @Nullable Layer layer,
      Function<RouterBuilder<R, T>, T> maker) {
    this.pool = requireNonNull(pool, "pool");
    this.affinity = requireNonNull(affinity, "affinity");
    this.layer = layer;
    this.maker = requireNonNull(maker, "maker");
  }

  /**
   * Sets the limits that the affinity's declared stickiness must respect. Sessions of the type
   * {@code custom} have only the technical limits. Default {@link Profile#ENHANCED}.
   *
   * @param profile the limits
   * @return this builder
   */
  public RouterBuilder<R, T> profile(Profile profile) {
    this.profile = requireNonNull(profile, "profile");
    return this;
  }

  /**
   * Sets how a bound session is served while its backend cannot serve it. Default: {@link
   * Affinity#failover}, which is {@link Failover#MOVE} for most affinities.
   *
   * @param failover how to serve the session
   * @return this builder
   */
  public RouterBuilder<R, T> failover(Failover failover) {
    this.failover = requireNonNull(failover, "failover");
    return this;
  }

  /**
   * Sets whether sessions leave a later {@linkplain Backend#withTier tier} as soon as an earlier
   * one takes new sessions and has room. Such a session is bound anew with its next request ({@link
   * Reason#EARLIER_TIER}), but not while it has an open route; routes are known as open only in a
   * pool that counts connections, and only in this process. Default false: sessions stay where they
   * are bound.
   *
   * <p>A session stays if it could not continue on another backend ({@link
   * Affinity#endsWithBackend} with {@link Failover#STRICT}), and if its affinity does not store the
   * new binding, for example because the shared store does not answer. If the connect to the
   * earlier tier fails, the session goes back to its own backend.
   *
   * @param returns true to return
   * @return this builder
   */
  public RouterBuilder<R, T> returnToEarlierTier(boolean returns) {
    this.returns = returns;
    return this;
  }

  /**
   * Sets the key that a hashing balancer uses for requests for which the affinity finds no key.
   * Default: none. Keys are hashed with the secret of the affinity's {@link Environment}, or with
   * that of the pool if the affinity has none.
   *
   * @param extractor extracts the key
   * @return this builder
   */
  public RouterBuilder<R, T> balanceBy(KeyExtractor<? super R> extractor) {
    this.balanceBy = requireNonNull(extractor, "extractor");
    return this;
  }

  /**
   * Sets the listener that is called for every route. Default: none.
   *
   * @param listener called on the thread that routes the request
   * @return this builder
   */
  public RouterBuilder<R, T> listener(RouteListener<? super R> listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Makes the router continue the statistics of another one, for a change of settings while
   * requests flow: send new requests to the new router, and let requests that have a route end with
   * the router that made it. Both routers count into the same statistics, so no request is lost and
   * nothing begins at 0 again. Pending drains are not taken over. Default: a router begins with no
   * statistics.
   *
   * @param previous the router that routed until now, of the same pool
   * @return this builder
   * @throws IllegalArgumentException if the previous router has another pool
   */
  public RouterBuilder<R, T> continuing(StickyRouter<?> previous) {
    if (previous.pool() != pool) {
      throw new IllegalArgumentException("previous: a router of another pool object, "
          + previous.pool().name() + " (expected: the pool " + pool.name() + " itself)");
    }
    this.previous = previous;
    return this;
  }

  /** {@return the router whose statistics the new one continues; null if absent} */
  public @Nullable StickyRouter<?> previous() {
    return previous;
  }

  /**
   * {@return a new router}
   *
   * @throws FaultException if the profile does not allow the declared stickiness of the affinity at
   *     this layer and with the pool's balancer; the message names all faults, and the profile that
   *     allows more
   */
  public T build() {
    List<Fault> faults = affinity.parts().stream()
        .map(Affinity::session)
        .flatMap(session -> profile.faults(layer(), pool.balancer(), session).stream())
        .distinct()
        .toList();
    if (!faults.isEmpty()) {
      throw new FaultException(faults);
    }
    return maker.apply(this);
  }

  /** {@return the rules for the sessions of each affinity, by its position} */
  List<SessionRules> rules() {
    return affinity.parts().stream().map(this::rules).toList();
  }

  private SessionRules rules(Affinity<? super R> part) {
    Failover suggested = requireNonNullElse(part.failover(), Failover.MOVE);
    return new SessionRules(requireNonNullElse(failover, suggested), part.endsWithBackend());
  }

  private Layer layer() {
    if (layer != null) {
      return layer;
    }
    boolean cookie =
        affinity.parts().stream().map(Affinity::session).anyMatch(RouterBuilder::isCookie);
    return cookie ? Layer.LAYER_7 : Layer.LAYER_4;
  }

  private static boolean isCookie(@Nullable StickySession session) {
    return session != null
        && (session.type() == StickySession.Type.LB_COOKIE
            || session.type() == StickySession.Type.APP_COOKIE);
  }
}
