package dev.limpet.core;

import dev.limpet.core.Leases.Hold;
import java.lang.ref.Reference;
import org.jspecify.annotations.Nullable;

/**
 * The route of one request, and a connection of its backend until this is closed. To be closed when the
 * request is done; closing it again does nothing. The connection of a lease that is forgotten instead is
 * given back some time after the garbage collector found it, and counted. Routing is for one thread at a
 * time, closing for any.
 *
 * <pre>{@code
 * try (Lease lease = router.lease(request)) {
 *   while (lease.backend() != null && !connect(lease.backend())) {
 *     router.reroute(request, lease);
 *   }
 * }
 * }</pre>
 *
 * @see StickyRouter#lease
 */
public final class Lease implements AutoCloseable {
  private volatile Route route;

  @SuppressWarnings("NullAway.Init") // by opened
  private Hold hold;

  Lease(Route route) {
    this.route = route;
  }

  void opened(Hold by) {
    this.hold = by;
  }

  /** {@return where the request goes} */
  public Route route() {
    return route;
  }

  /** {@return the backend to send the request to, or null as for {@link Route#backend}} */
  public @Nullable Backend backend() {
    return route.backend();
  }

  /** Gives the connection back. */
  @Override
  public void close() {
    try {
      hold.end();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Gives the connection back in order to take another. */
  void failed() {
    if (hold.isEnded()) {
      throw new IllegalStateException("lease: closed (expected: open)");
    }
    hold.change(null);
  }

  /** Goes on with another route, whose connection has been acquired. */
  void goOn(Route next) {
    route = next;
    hold.change(Leases.load(next));
  }

  /** {@return the route} */
  @Override
  public String toString() {
    return route.toString();
  }
}
