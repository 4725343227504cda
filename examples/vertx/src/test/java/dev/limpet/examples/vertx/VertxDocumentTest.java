package dev.limpet.examples.vertx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.vertx.BackendConnector;
import dev.limpet.vertx.ClientAddress;
import dev.limpet.vertx.ClientGuard;
import dev.limpet.vertx.HealthChecks;
import dev.limpet.vertx.StickyHttpProxy;
import dev.limpet.vertx.StickyOrigin;
import dev.limpet.vertx.StickyTcpProxy;
import dev.limpet.vertx.VertxAccess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.transport.Transport;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of the documents. */
@Timeout(30)
class VertxDocumentTest {
  private final ClientGuard guard = ClientGuard.over(Transport.NIO);
  private final Vertx vertx = Vertx.builder().withTransport(guard.transport()).build();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Pool pool() throws Exception {
    int port = await(vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("fine"))
            .listen(0))
        .actualPort();
    return Pool.of("web", Backend.of("web1", "localhost", port));
  }

  @Test
  void stickyHttpProxy_isSticky() throws Exception {
    assertSticky(await(serveHttp(pool())).actualPort());
  }

  private Future<HttpServer> serveHttp(Pool pool) {
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
    StickyHttpProxy proxy = StickyHttpProxy.builder(vertx, router).build();
    return vertx
        .createHttpServer(StickyHttpProxy.serverOptions())
        .requestHandler(proxy)
        .listen(0);
  }

  @Test
  void httpProxy_isSticky() throws Exception {
    Future<HttpServer> server = serveByHttpProxy(pool());

    assertSticky(await(server).actualPort());
  }

  private static void assertSticky(int port) throws Exception {
    Ask client = new Ask();
    assertThat(client.get(port).headers().allValues("set-cookie")).hasSize(1);
    assertThat(client.get(port).headers().allValues("set-cookie")).isEmpty();
    assertThat(client.body(port)).isEqualTo("fine");
  }

  private Future<HttpServer> serveByHttpProxy(Pool pool) {
    HttpClient client = vertx.createHttpClient(
        new HttpClientOptions().setConnectTimeout(2000),
        new PoolOptions().setHttp1MaxSize(1000).setMaxWaitQueueSize(1000));
    HttpRouter<HttpServerRequest, ProxyResponse> router = HttpRouter.of(
        pool, LbCookieAffinity.builder(pool, StickyOrigin.access()).build());
    HttpProxy proxy = StickyOrigin.install(HttpProxy.reverseProxy(client), router);
    return vertx.createHttpServer().requestHandler(proxy).listen(0);
  }

  @Test
  void tcpProxy_passesBytes() throws Exception {
    int port = await(serveTcp(pool())).actualPort();

    assertThat(new Ask().body(port)).isEqualTo("fine");
  }

  private Future<NetServer> serveTcp(Pool pool) {
    StickyRouter<NetSocket> router = StickyRouter.of(
        pool, SourceIpAffinity.<NetSocket>builder(ClientAddress::of).build());
    return vertx
        .createNetServer()
        .connectHandler(StickyTcpProxy.of(vertx, router))
        .listen(0);
  }

  @Test
  void proxyWithSettings_isSticky() throws Exception {
    Pool pool = pool();
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());

    assertSticky(await(serveWithSettings(pool, router)).actualPort());
  }

  private Future<HttpServer> serveWithSettings(
      Pool pool, HttpRouter<HttpServerRequest, HttpServerResponse> router) {
    BackendConnector connector =
        BackendConnector.builder(vertx).connectTimeout(Duration.ofSeconds(1)).build();
    StickyHttpProxy proxy = StickyHttpProxy.builder(connector, router)
        .responseTimeout(Duration.ofSeconds(30))
        .trustedProxies(List.of("192.0.2.0/24"))
        .clientGuard(guard)
        .build();
    HealthChecks.builder(connector, pool).http("/health").start();
    HttpServerOptions options =
        guard.clientTimeout(StickyHttpProxy.serverOptions().setPort(0), Duration.ofSeconds(60));
    return vertx.createHttpServer(options).requestHandler(proxy).listen();
  }
}
