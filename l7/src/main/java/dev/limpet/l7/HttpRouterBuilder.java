package dev.limpet.l7;

import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Layer;
import dev.limpet.core.NanoClock;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.RouteListener;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickyRouterBuilder;

/**
 * Settings of an {@link HttpRouter}. Not for use by several threads at once.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class HttpRouterBuilder<Q, S> {
  final StickyRouterBuilder<Q> router;
  final HttpAffinity<Q, S> affinity;

  HttpRouterBuilder(Pool pool, HttpAffinity<Q, S> affinity) {
    this.router = StickyRouter.<Q>builder(pool, affinity).layer(Layer.LAYER_7);
    this.affinity = affinity;
    if (affinity instanceof LbCookieAffinity<Q, S> tokens) {
      tokens.checkPool(pool);
    }
  }

  /**
   * Sets the limits that the affinity's declaration is checked against. Default {@link Profile#ENHANCED}.
   *
   * @param profile the limits
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> profile(Profile profile) {
    router.profile(profile);
    return this;
  }

  /**
   * Sets what a bound session gets while its backend cannot serve. Default {@link Failover#MOVE}.
   *
   * @param failover the rule
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> failover(Failover failover) {
    router.failover(failover);
    return this;
  }

  /**
   * Sets where a balancer that hashes gets its key for requests whose affinity has none. Default: none.
   *
   * @param extractor finds the key
   * @param hasher makes the key; proxies that are to choose alike share its secret
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> balanceBy(KeyExtractor<? super Q> extractor, KeyHasher hasher) {
    router.balanceBy(extractor, hasher);
    return this;
  }

  /**
   * Sets who hears of every answer. Default: nobody.
   *
   * @param listener called by the threads that ask
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> listener(RouteListener<? super Q> listener) {
    router.listener(listener);
    return this;
  }

  /**
   * Makes a router that leases: connections count, and {@link HttpRouter#lease} takes the place of {@link
   * HttpRouter#route}. Every router of a pool should lease if one does.
   *
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> leasing() {
    router.leasing();
    return this;
  }

  /**
   * Sets the time that the deadlines of drains are measured by. Default: the system's.
   *
   * @param clock the time
   * @return this builder
   */
  public HttpRouterBuilder<Q, S> clock(NanoClock clock) {
    router.clock(clock);
    return this;
  }

  /**
   * {@return the router}
   *
   * @throws IllegalArgumentException if the profile does not allow what the affinity declares, at layer 7
   *     and with the pool's balancer, where the message names all faults; or if the router does not lease and
   *     the pool {@linkplain Pool#needsLeases needs it}
   */
  public HttpRouter<Q, S> build() {
    return new HttpRouter<>(router.build(), affinity);
  }
}
