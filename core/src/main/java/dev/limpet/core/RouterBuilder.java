package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a router. Not for use by several threads at once.
 *
 * @param <R> the embedder's request
 * @param <T> the router that it builds
 */
public final class RouterBuilder<R, T extends StickyRouter<R>> {
  final Pool pool;
  final Affinity<? super R> affinity;
  Failover failover = Failover.MOVE;
  KeyExtractor<? super R> balanceBy = (request, hasher) -> KeyExtractor.NONE;
  RouteListener<? super R> listener = (request, route) -> {};

  private final @Nullable Layer layer;
  private final Function<RouterBuilder<R, T>, T> maker;
  private Profile profile = Profile.ENHANCED;

  /**
   * Makes a builder, for routers that do more than a {@link StickyRouter}.
   *
   * @param pool the backends
   * @param affinity knows the sessions; {@link Affinity#none} for none
   * @param layer the layer at which the router routes; null for that of the affinity's type of
   *     session
   * @param maker makes the router from this builder, when it is built
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
   * Sets the limits that the affinity's declaration is checked against, if it is of a type that
   * products have. Default {@link Profile#ENHANCED}.
   *
   * @param profile the limits
   * @return this builder
   */
  public RouterBuilder<R, T> profile(Profile profile) {
    this.profile = requireNonNull(profile, "profile");
    return this;
  }

  /**
   * Sets what a bound session gets while its backend cannot serve. Default {@link Failover#MOVE}.
   *
   * @param failover the rule
   * @return this builder
   */
  public RouterBuilder<R, T> failover(Failover failover) {
    this.failover = requireNonNull(failover, "failover");
    return this;
  }

  /**
   * Sets where a balancer that hashes gets its key for requests whose affinity has none. Default:
   * none. Keys are made with the secret of the affinity's {@link Environment} or, if it has none,
   * of the pool's.
   *
   * @param extractor finds the key
   * @return this builder
   */
  public RouterBuilder<R, T> balanceBy(KeyExtractor<? super R> extractor) {
    this.balanceBy = requireNonNull(extractor, "extractor");
    return this;
  }

  /**
   * Sets who hears of every answer. Default: nobody.
   *
   * @param listener called by the threads that ask
   * @return this builder
   */
  public RouterBuilder<R, T> listener(RouteListener<? super R> listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * {@return the router}
   *
   * @throws FaultException if the profile does not allow what the affinity declares, at this layer
   *     and with the pool's balancer; the message names all faults, and the profile that allows
   *     more
   */
  public T build() {
    StickySession session = affinity.session();
    profile.check((layer != null) ? layer : layer(session), pool.balancer(), session);
    return maker.apply(this);
  }

  private static Layer layer(@Nullable StickySession session) {
    boolean cookie = session != null
        && (session.type() == StickySession.Type.LB_COOKIE
            || session.type() == StickySession.Type.APP_COOKIE);
    return cookie ? Layer.LAYER_7 : Layer.LAYER_4;
  }
}
