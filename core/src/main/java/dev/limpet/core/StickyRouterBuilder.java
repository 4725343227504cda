package dev.limpet.core;

import static java.util.Objects.requireNonNull;

/**
 * Settings of a {@link StickyRouter}. Not for use by several threads at once.
 *
 * @param <R> the embedder's request
 */
public final class StickyRouterBuilder<R> {
  final Pool pool;
  final Affinity<? super R> affinity;
  Profile profile = Profile.ENHANCED;
  Layer layer = Layer.LAYER_4;
  Failover failover = Failover.MOVE;
  KeyExtractor<? super R> balanceBy = (request, hasher) -> KeyExtractor.NONE;
  KeyHasher balanceHasher = KeyHasher.random();
  RouteListener<? super R> listener = (request, route) -> {};
  NanoClock clock = NanoClock.system();
  boolean leasing;

  StickyRouterBuilder(Pool pool, Affinity<? super R> affinity) {
    this.pool = pool;
    this.affinity = affinity;
  }

  /**
   * Sets the limits that the affinity's declaration is checked against. Default {@link
   * Profile#ENHANCED}.
   *
   * @param profile the limits
   * @return this builder
   */
  public StickyRouterBuilder<R> profile(Profile profile) {
    this.profile = requireNonNull(profile, "profile");
    return this;
  }

  /**
   * Sets the layer at which requests are routed, which the profile's limits depend on. Default {@link
   * Layer#LAYER_4}.
   *
   * @param layer the layer
   * @return this builder
   */
  public StickyRouterBuilder<R> layer(Layer layer) {
    this.layer = requireNonNull(layer, "layer");
    return this;
  }

  /**
   * Sets what a bound session gets while its backend cannot serve. Default {@link Failover#MOVE}.
   *
   * @param failover the rule
   * @return this builder
   */
  public StickyRouterBuilder<R> failover(Failover failover) {
    this.failover = requireNonNull(failover, "failover");
    return this;
  }

  /**
   * Sets where a balancer that hashes gets its key for requests whose affinity has none. Default: none.
   *
   * @param extractor finds the key
   * @param hasher makes the key; proxies that are to choose alike share its secret
   * @return this builder
   */
  public StickyRouterBuilder<R> balanceBy(KeyExtractor<? super R> extractor, KeyHasher hasher) {
    this.balanceBy = requireNonNull(extractor, "extractor");
    this.balanceHasher = requireNonNull(hasher, "hasher");
    return this;
  }

  /**
   * Sets who hears of every answer. Default: nobody.
   *
   * @param listener called by the threads that ask
   * @return this builder
   */
  public StickyRouterBuilder<R> listener(RouteListener<? super R> listener) {
    this.listener = requireNonNull(listener, "listener");
    return this;
  }

  /**
   * Makes a router that leases: connections count, and {@link StickyRouter#lease} takes the place of {@link
   * StickyRouter#route}. Every router of a pool should lease if one does.
   *
   * @return this builder
   */
  public StickyRouterBuilder<R> leasing() {
    this.leasing = true;
    return this;
  }

  /**
   * Sets the time that the deadlines of drains are measured by. Default: the system's.
   *
   * @param clock the time
   * @return this builder
   */
  public StickyRouterBuilder<R> clock(NanoClock clock) {
    this.clock = requireNonNull(clock, "clock");
    return this;
  }

  /**
   * {@return the router}
   *
   * @throws IllegalArgumentException if the profile does not allow what the affinity declares, at this
   *     layer and with the pool's balancer, where the message names all faults; or if the router does not
   *     lease and the pool {@linkplain Pool#needsLeases needs it}
   */
  public StickyRouter<R> build() {
    return new StickyRouter<>(checked());
  }

  /** {@return this builder, if its settings can be used} */
  StickyRouterBuilder<R> checked() {
    profile.check(layer, pool.balancer(), affinity.session());
    if (!leasing) {
      pool.useWithoutLeases();
    }
    return this;
  }
}
