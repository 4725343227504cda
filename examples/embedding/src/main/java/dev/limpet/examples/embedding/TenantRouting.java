package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l4.SourceIp;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all requests of a tenant on one backend; a request that names no tenant goes by the network
 * that it comes from. Run it to see what happens.
 */
public final class TenantRouting {

  /** Finds the tenant, however the client spells it. */
  static final KeyExtractor<Request> TENANT = (request, hasher) -> {
    String tenant = request.tenant();
    return (tenant == null || tenant.isBlank())
        ? KeyExtractor.NONE
        : hasher.string(tenant.strip().toLowerCase(Locale.ROOT));
  };

  private final Pool pool = Pool.of(
      "web",
      Backend.of("web1", "10.0.0.1", 8080),
      Backend.of("web2", "10.0.0.2", 8080),
      Backend.of("web3", "10.0.0.3", 8080));
  private final StickyRouter<Request> router = router(pool);
  private final PrintStream out;

  private TenantRouting(PrintStream out) {
    this.out = out;
  }

  /** Prints a story. */
  public static void main(String[] args) throws UnknownHostException {
    new TenantRouting(System.out).run();
  }

  /** Prints the story to a stream. */
  static void tell(PrintStream out) throws UnknownHostException {
    new TenantRouting(out).run();
  }

  static StickyRouter<Request> router(Pool pool) {
    KeyExtractor<Request> tenantOrNetwork =
        TENANT.orElse(SourceIp.of(Request::source).withIpv6Prefix(64));
    return StickyRouter.of(pool, KeyAffinity.builder(tenantOrNetwork).build());
  }

  private void run() throws UnknownHostException {
    ask("blue", "192.0.2.1");
    ask(" Blue", "198.51.100.7");
    ask("green", "192.0.2.1");
    ask(null, "2001:db8::1");
    ask(null, "2001:db8::cafe");

    Backend home = router.route(new Request("blue", ip("192.0.2.1"))).backend();
    if (home != null) {
      pool.report(home, false);
      out.println(home.id() + " goes down");
    }
    ask("blue", "192.0.2.1");
    ask("blue", "198.51.100.7");
  }

  private void ask(@Nullable String tenant, String source) throws UnknownHostException {
    Request request = new Request(tenant, ip(source));
    out.printf(
        "%-8s %-14s -> %s%n", (tenant == null) ? "-" : tenant, source, router.route(request));
  }

  private static InetAddress ip(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  /**
   * A request of your own server.
   *
   * @param tenant the value of its tenant header, or null
   * @param source where it comes from
   */
  record Request(@Nullable String tenant, InetAddress source) {}
}
