package dev.limpet.redis;

import dev.limpet.l7.AsyncHttpRouter;
import dev.limpet.l7.HttpRouterBuilder;

/**
 * Routes the HTTP requests of one session to one backend, whichever proxy of a fleet they come to: by an app cookie, or
 * by what identifies the session in its first request already. (An LB cookie needs no table.)
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 * @see SharedStickyRouter
 */
public final class SharedHttpRouter<Q, S> extends AsyncHttpRouter<Q, S> {

  /**
   * Makes a router.
   *
   * @param settings the pool, the affinity, whose table is the shared one, and the rules; not used any more
   *     afterwards
   * @param table the shared table
   * @throws IllegalArgumentException as {@link HttpRouterBuilder#build} does
   */
  public SharedHttpRouter(HttpRouterBuilder<Q, S> settings, SharedTable table) {
    super(settings, table::share);
  }
}
