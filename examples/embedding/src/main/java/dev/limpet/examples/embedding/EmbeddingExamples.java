package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Layer;
import dev.limpet.core.Lease;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieAccess;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.SharedStickyRouter;
import dev.limpet.redis.SharedTable;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/** The README's other examples, one a method, in a program that has requests of its own. */
abstract class EmbeddingExamples {

  /** A request of the program. */
  interface Request {
    @Nullable
    String header(String name);

    InetAddress remoteAddress();
  }

  /** A response of the program. */
  interface Response {}

  /** Sends a request with these Cookie fields to a backend, or answers it where there is none. */
  abstract Response send(Request request, List<String> cookies, @Nullable Backend backend);

  /** Sends a request to a backend, or answers it where there is none. */
  abstract void send(Request request, @Nullable Backend backend);

  /** Connects a client to a backend, or closes it where there is none. */
  abstract void connect(Socket client, @Nullable Backend backend);

  /** A log of the program. */
  interface Logger {
    void info(String text, Object... arguments);
  }

  StickyRouter<Request> byTenant(Pool pool) {
    KeyExtractor<Request> tenant = KeyExtractor.string(request -> request.header("X-Tenant"));
    KeyExtractor<Request> tenantOrAddress = tenant.orElse(SourceIp.of(Request::remoteAddress));

    StickyRouter<Request> router = StickyRouter.<Request>builder(
            pool, KeyAffinity.builder(tenantOrAddress).build())
        .layer(Layer.LAYER_7)
        .build();
    return router;
  }

  StickyRouter<Socket> byNetwork(Pool pool) {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.<Socket>builder(Socket::getInetAddress)
        .ipv6Prefix(64)
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(10)))
        .build();
    StickyRouter<Socket> router =
        StickyRouter.<Socket>builder(pool, affinity).failover(Failover.LEND).build();
    return router;
  }

  Response byLbCookie(
      Pool pool, CookieAccess<Request, Response> access, byte[] secret, Request request) {
    CookieKeys keys = CookieKeys.builder().signing(1, secret).build();
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool, LbCookieAffinity.builder(pool, access).keys(keys).secure(true).build());

    Route route = router.route(request);
    Response response = send(request, router.cookiesToBackend(request), route.backend());
    router.onResponse(request, route, response); // sets the cookie when there is one to set
    return response;
  }

  HttpRouter<Request, Response> byAppCookie(Pool pool, CookieAccess<Request, Response> access) {
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool,
        AppCookieAffinity.builder(access)
            .session(StickySession.appCookie("JSESSIONID").withDuration(Duration.ofHours(8)))
            .build());
    return router;
  }

  void drainAndWait(
      Pool pool, StickyRouter<Request> router, ScheduledExecutorService executor, Logger log) {
    router.drain("web1", Duration.ofMinutes(30), executor).thenAccept(drained -> {
      log.info(
          "web1: {}, {} sessions left", drained.result(), drained.remaining().bindings());
      pool.change(edit -> edit.remove("web1"));
    });
  }

  void limited(Backend web1, Backend spare, Affinity<Request> affinity, Request request) {
    Pool pool = Pool.builder("web")
        .backends(List.of(web1.withMaxConnections(100), spare.withTier(1)))
        .slowStart(Duration.ofSeconds(30))
        .build();
    StickyRouter<Request> router =
        StickyRouter.<Request>builder(pool, affinity).leasing().build();

    try (Lease lease = router.lease(request)) {
      send(request, lease.backend());
    }
  }

  void inAFleet(Pool pool, byte[] secret, Socket socket) {
    RedisClient client = RedisClient.create(RedisLink.resources().build());
    client.setOptions(RedisLink.options());
    RedisLink link = RedisLink.of(client, RedisURI.create("redis://redis.internal"));
    KeyHasher hasher = KeyHasher.of(secret);
    SharedTable table = SharedTable.builder(link, "db", hasher).build(StickySession.sourceIp());
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.<Socket>builder(Socket::getInetAddress)
        .hasher(hasher)
        .table(table::declared)
        .build();
    SharedStickyRouter<Socket> router =
        new SharedStickyRouter<>(StickyRouter.builder(pool, affinity), table);

    CompletionStage<Route> route = router.route(socket);
    route.thenAccept(to -> connect(socket, to.backend()));
  }

  void drain(Pool pool) {
    pool.change(edit -> edit.drain("web1").add(Backend.of("web4", "10.0.0.24", 8080)));
  }
}
