package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import java.net.Socket;

/** The README's first example: the lines between the markers. */
abstract class ReadmeExample {

  /** Connects to a backend, if it can be reached. */
  abstract boolean connect(Backend backend);

  Route example(Socket client) {
    // begin
    Pool pool = Pool.of(
        "db",
        Backend.of("db1", "10.0.0.11", 5432).withWeight(5),
        Backend.of("db2", "10.0.0.12", 5432));
    StickyRouter<Socket> router =
        StickyRouter.of(pool, SourceIpAffinity.builder(Socket::getInetAddress).build());

    Route route = router.route(client); // such as NEW db1 (UNKNOWN), and KEPT db1 from then on
    while (route.backend() != null && !connect(route.backend())) {
      route = router.reroute(client, route); // such as NEW db2 (CONNECT_FAILED)
    }
    // end
    return route;
  }
}
