package dev.limpet.redis;

import dev.limpet.core.AsyncStickyRouter;
import dev.limpet.core.StickyRouterBuilder;

/**
 * Routes the requests of one session to one backend, whichever proxy of a fleet they come to. The stage of a request
 * whose session this process knows is complete when it is returned; others complete when the store has answered or the table's
 * deadline has passed, on a thread of the store's client.
 *
 * <pre>{@code
 * SharedTable table = SharedTable.builder(link, "db", hasher).build(StickySession.sourceIp());
 * SourceIpAffinity<Socket> affinity = SourceIpAffinity.<Socket>builder(Socket::getInetAddress)
 *     .hasher(hasher)
 *     .table(table::declared)
 *     .build();
 * SharedStickyRouter<Socket> router =
 *     new SharedStickyRouter<>(StickyRouter.builder(pool, affinity), table);
 *
 * router.route(client).thenAccept(route -> connect(client, route));
 * }</pre>
 *
 * @param <R> the embedder's request, or connection
 */
public final class SharedStickyRouter<R> extends AsyncStickyRouter<R> {

  /**
   * Makes a router.
   *
   * @param settings the pool, the affinity, whose table is the shared one, and the rules; not used any more
   *     afterwards
   * @param table the shared table
   * @throws IllegalArgumentException as {@link StickyRouterBuilder#build} does
   */
  public SharedStickyRouter(StickyRouterBuilder<R> settings, SharedTable table) {
    super(settings, table::share);
  }
}
