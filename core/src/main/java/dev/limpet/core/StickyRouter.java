package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Routes the requests of one session to one backend. Safe for use by many threads at once; never blocks.
 *
 * <pre>{@code
 * Route route = router.route(request);
 * while (route.backend() != null && !connect(route.backend())) {
 *   route = router.reroute(request, route);
 * }
 * }</pre>
 *
 * @param <R> the embedder's request, or connection
 */
public final class StickyRouter<R> {
  private final Pool pool;
  private final Affinity<? super R> affinity;
  private final Decision decision;
  private final KeyExtractor<? super R> balanceBy;
  private final KeyHasher balanceHasher;
  private final Answers<R> answers;

  private StickyRouter(Builder<R> builder) {
    this.pool = builder.pool;
    this.affinity = builder.affinity;
    this.decision = new Decision(builder.failover);
    this.balanceBy = builder.balanceBy;
    this.balanceHasher = builder.balanceHasher;
    this.answers = new Answers<>(builder.listener);
  }

  /**
   * {@return a router of connections at layer 4, of the profile {@link Profile#ENHANCED}, that moves
   * sessions whose backend cannot serve}
   *
   * @param pool the backends
   * @param affinity knows the sessions
   * @param <R> the embedder's request
   * @throws IllegalArgumentException if the profile does not allow it; the message names all faults
   */
  public static <R> StickyRouter<R> of(Pool pool, Affinity<? super R> affinity) {
    return StickyRouter.<R>builder(pool, affinity).build();
  }

  /**
   * {@return a builder}
   *
   * @param pool the backends
   * @param affinity knows the sessions; {@link Affinity#none} for none
   * @param <R> the embedder's request
   */
  public static <R> Builder<R> builder(Pool pool, Affinity<? super R> affinity) {
    return new Builder<>(requireNonNull(pool, "pool"), requireNonNull(affinity, "affinity"));
  }

  /**
   * Routes a request, as one use of its session. A new session is bound before this returns, so that
   * all its first requests agree.
   *
   * @param request the request
   * @return where it goes; never null
   */
  public Route route(R request) {
    PoolSnapshot now = pool.snapshot();
    Recall recall = affinity.recall(request, now);
    Route kept = decision.kept(recall);
    return answers.first(request, (kept != null) ? kept : place(request, recall, now));
  }

  /**
   * Routes a request again, to a backend that it has not tried, after the embedder could not connect.
   * (HAProxy calls this redispatch.) A bound session gets what its {@link Failover} says; a session that
   * is new is bound to the next choice; if nothing is left, the binding is again what the request found.
   * The pool does not change: reporting a backend down is up to health checks.
   *
   * @param request the request
   * @param failed the last route of this request
   * @return where it goes now; {@link Route#failed} is the failed route
   * @throws IllegalArgumentException if the failed route has no backend
   */
  public Route reroute(R request, Route failed) {
    Session session = session(request, requireNonNull(failed, "failed"));
    Judged now = judge(snapshot -> affinity.peek(request, snapshot), pool.snapshot());
    Step step = decision.again(failed, now.recall(), session, now.by());
    return answers.again(request, settle(step));
  }

  /**
   * Routes a request as if it belonged to no session: nothing is recalled and nothing bound. Counts as a
   * request with the outcome {@link Outcome#UNBOUND} and the reason {@link Reason#IGNORED}.
   *
   * @param request the request
   * @return where it goes; never null
   */
  public Route balance(R request) {
    Route route = decision.unbound(balanceKey(request), Reason.IGNORED, pool.snapshot());
    return answers.first(request, route);
  }

  /**
   * {@return what is known of a request's session} Uses, changes and counts nothing.
   *
   * @param request the request
   */
  public Recall peek(R request) {
    return judge(snapshot -> affinity.peek(request, snapshot), pool.snapshot()).recall();
  }

  /**
   * Forgets a request's session, where its binding is kept in this process.
   *
   * @param request the request
   * @return whether there was a binding and this call removed it
   */
  public boolean unbind(R request) {
    long key = affinity.key(request);
    String tried = null;
    String name = peek(request).name();
    while (name != null && !name.equals(tried)) {
      if (affinity.unbind(key, name)) {
        return true;
      }
      tried = name;
      name = peek(request).name();
    }
    return false;
  }

  /** {@return what was answered so far} */
  public RouterStats stats() {
    return answers.stats();
  }

  /** {@return the pool} */
  public Pool pool() {
    return pool;
  }

  /** A session that is not simply kept. */
  private Route place(R request, Recall first, PoolSnapshot judged) {
    PoolSnapshot now = pool.snapshot();
    Judged last = (now == judged)
        ? new Judged(first, now)
        : judge(snapshot -> affinity.recall(request, snapshot), now);
    Route kept = decision.kept(last.recall());
    return (kept != null)
        ? kept
        : settle(decision.first(last.recall(), session(request, null), last.by()));
  }

  /**
   * Recalls a session by a snapshot that is still current afterwards: by an older one a backend that was
   * added since would be gone.
   */
  private Judged judge(Function<PoolSnapshot, Recall> recalling, PoolSnapshot first) {
    PoolSnapshot now = first;
    while (true) {
      Recall recall = recalling.apply(now);
      PoolSnapshot after = pool.snapshot();
      if (after == now) {
        return new Judged(recall, now);
      }
      now = after;
    }
  }

  private record Judged(Recall recall, PoolSnapshot by) {}

  private Route settle(Step first) {
    Step step = first;
    while (step instanceof Proposal p) {
      Bound bound =
          affinity.bind(p.session().key(), p.expected(), p.candidate().name(), p.byHash());
      step = decision.next(p, bound, pool.snapshot());
    }
    return (step instanceof Restore restore) ? restored(restore) : (Route) step;
  }

  private Route restored(Restore restore) {
    if (restore.found() == null) {
      affinity.unbind(restore.key(), restore.expected());
    } else {
      affinity.bind(restore.key(), restore.expected(), restore.found(), true);
    }
    return restore.route();
  }

  private Session session(R request, @Nullable Route failed) {
    long key = affinity.key(request);
    long balanceKey = (key != KeyExtractor.NONE) ? KeyExtractor.NONE : balanceKey(request);
    return new Session(key, balanceKey, failed, null);
  }

  private long balanceKey(R request) {
    return balanceBy.key(request, balanceHasher);
  }

  /**
   * Settings of a {@link StickyRouter}. Not for use by several threads at once.
   *
   * @param <R> the embedder's request
   */
  public static final class Builder<R> {
    private final Pool pool;
    private final Affinity<? super R> affinity;
    private Profile profile = Profile.ENHANCED;
    private Layer layer = Layer.LAYER_4;
    private Failover failover = Failover.MOVE;
    private KeyExtractor<? super R> balanceBy = (request, hasher) -> KeyExtractor.NONE;
    private KeyHasher balanceHasher = KeyHasher.random();
    private RouteListener<? super R> listener = (request, route) -> {};

    private Builder(Pool pool, Affinity<? super R> affinity) {
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
    public Builder<R> profile(Profile profile) {
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
    public Builder<R> layer(Layer layer) {
      this.layer = requireNonNull(layer, "layer");
      return this;
    }

    /**
     * Sets what a bound session gets while its backend cannot serve. Default {@link Failover#MOVE}.
     *
     * @param failover the rule
     * @return this builder
     */
    public Builder<R> failover(Failover failover) {
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
    public Builder<R> balanceBy(KeyExtractor<? super R> extractor, KeyHasher hasher) {
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
    public Builder<R> listener(RouteListener<? super R> listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /**
     * {@return the router}
     *
     * @throws IllegalArgumentException if the profile does not allow what the affinity declares, at this
     *     layer and with the pool's balancer; the message names all faults
     */
    public StickyRouter<R> build() {
      profile.check(layer, pool.balancer(), affinity.session());
      return new StickyRouter<>(this);
    }
  }
}
