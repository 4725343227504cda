package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.l4.SourceIp;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.redis.RedisLink;
import dev.limpet.redis.RedisStore;
import dev.limpet.shared.SharedTable;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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

  /** Sends a request whose fields change so to a backend, or answers it where there is none. */
  abstract Response send(
      Request request, Map<String, List<String>> changes, @Nullable Backend backend);

  /** Sends a request to a backend, or answers it where there is none. */
  abstract void send(Request request, @Nullable Backend backend);

  /** Connects a client to a backend, or closes it where there is none. */
  abstract void connect(Socket client, @Nullable Backend backend);

  /** Returns whether a backend can be reached. */
  abstract boolean reaches(@Nullable Backend backend);

  /** A log of the program. */
  interface Logger {
    void info(String text, Object... arguments);
  }

  StickyRouter<Request> byTenant(Pool pool) {
    KeyExtractor<Request> tenant = KeyExtractor.string(request -> request.header("X-Tenant"));
    KeyExtractor<Request> tenantOrAddress = tenant.orElse(SourceIp.of(Request::remoteAddress));

    StickyRouter<Request> router =
        StickyRouter.of(pool, KeyAffinity.builder(tenantOrAddress).build());
    return router;
  }

  StickyRouter<Request> forEightHours(List<Backend> backends, KeyExtractor<Request> tenant) {
    Pool pool = Pool.builder("web")
        .balancer(new WeightedRendezvous())
        .backends(backends)
        .build();
    KeyAffinity<Request> affinity = KeyAffinity.builder(tenant)
        .session(StickySession.custom().withDuration(Duration.ofHours(8)))
        .build();
    return StickyRouter.of(pool, affinity);
  }

  StickyRouter<Socket> byNetwork(Pool pool) {
    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .ipv6Prefix(64)
        .session(StickySession.sourceIp().withDuration(Duration.ofMinutes(10)))
        .build();
    StickyRouter<Socket> router =
        StickyRouter.builder(pool, affinity).failover(Failover.LEND).build();
    return router;
  }

  Response byLbCookie(
      List<Backend> backends,
      HttpAccess<Request, Response> access,
      byte[] secret,
      Request request) {
    Pool pool = Pool.builder("web")
        .backends(backends)
        .environment(Environment.of(secret)) // the same at all proxies, and after a restart
        .build();
    HttpRouter<Request, Response> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, access).secure(true).build());

    Route route = router.route(request);
    Response response = send(request, router.fieldsToBackend(request), route.backend());
    router.onResponse(request, route, response); // sets the cookie when there is one to set
    return response;
  }

  LbCookieAffinity<Request, Response> withKeysOfItsOwn(
      Pool pool, HttpAccess<Request, Response> access, byte[] secret, byte[] next) {
    CookieKeys keys =
        CookieKeys.builder().signing(1, secret).verifyOnly(2, next).build();
    return LbCookieAffinity.builder(pool, access).keys(keys).secure(true).build();
  }

  HttpRouter<Request, Response> byAppCookie(Pool pool, HttpAccess<Request, Response> access) {
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool,
        AppCookieAffinity.builder(access)
            .session(StickySession.appCookie("JSESSIONID").withDuration(Duration.ofHours(8)))
            .build());
    return router;
  }

  void drain(Pool pool) {
    pool.change(edit -> edit.drain("web1").add(Backend.of("web4", "10.0.0.24", 8080)));
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
        .countConnections()
        .slowStart(Duration.ofSeconds(30))
        .build();
    StickyRouter<Request> router = StickyRouter.of(pool, affinity);

    try (Route route = router.route(request)) { // holds a connection of its backend
      send(request, route.backend());
    }
  }

  void limitedAndRerouted(StickyRouter<Request> router, Request request) {
    Route route = router.route(request);
    try {
      while (route.backend() != null && !reaches(route.backend())) {
        route = router.reroute(request, route); // gives the failed connection back
      }
      send(request, route.backend());
    } finally {
      route.close();
    }
  }

  void inAFleet(Pool pool, byte[] secret, Socket client) {
    RedisClient redis = RedisClient.create(RedisLink.resources().build());
    redis.setOptions(RedisLink.options());
    RedisLink link = RedisLink.of(redis, RedisURI.create("redis://redis.internal"));
    RedisStore store = RedisStore.builder(link, "db").build();

    SourceIpAffinity<Socket> affinity = SourceIpAffinity.builder(Socket::getInetAddress)
        .environment(Environment.of(secret)) // the same at all proxies
        .table(SharedTable.builder(store)::build)
        .build();
    StickyRouter<Socket> router = StickyRouter.of(pool, affinity);

    router.routeAsync(client).thenAccept(route -> connect(client, route.backend()));
  }

  Route inAFleetThatBlocks(StickyRouter<Socket> router, Socket client) {
    return router.routeAsync(client).toCompletableFuture().join(); // within the store's deadline
  }

  void restart(SourceIpAffinity<Socket> before, SourceIpAffinity<Socket> after, Path file)
      throws IOException {
    before.save(file);
    after.restore(file);
  }

  SourceIpAffinity<Socket> withAQuota(Environment environment) {
    return SourceIpAffinity.builder(Socket::getInetAddress)
        .environment(environment)
        .quota(Quota.ofLiveShare(0.10).andNewPerSecond(1_000))
        .build();
  }

  void otherVerbs(HttpRouter<Request, Response> router, Request request, Response response) {
    router.endSession(request, response);
    router.routeUnbound(request).close();
    router.stats();
    router.responseStats();
  }
}
