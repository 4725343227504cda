package example;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import java.net.InetAddress;

/** Routes a client twice, and fails if it moved. */
public class Main {
  public static void main(String[] args) throws Exception {
    Pool pool = Pool.of(
        "db", Backend.of("db1", "10.0.0.11", 5432), Backend.of("db2", "10.0.0.12", 5432));
    StickyRouter<InetAddress> router =
        StickyRouter.of(pool, SourceIpAffinity.<InetAddress>builder(address -> address).build());
    InetAddress client = InetAddress.getByName("192.0.2.7");

    Route first = router.route(client);
    Route second = router.route(client);

    System.out.println(first + ", " + second);
    if (first.backend() == null || first.backend() != second.backend()) {
      throw new IllegalStateException("the client moved");
    }
  }
}
