package dev.limpet.vertx;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryProxy;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyResponse;
import java.util.List;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class StickyOriginStoryTest extends StickyStory {
  private static final int CONNECT_MILLIS = 500;

  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws Exception {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) throws Exception {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    HttpRouter<HttpServerRequest, ProxyResponse> router =
        HttpRouter.of(pool, affinity(pool, session));
    Vertx vertx = Vertx.vertx();
    HttpClient client =
        vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS));
    HttpProxy proxy = StickyOrigin.install(HttpProxy.reverseProxy(client), router);
    int port = TestServers.http(vertx, new HttpServerOptions(), proxy);
    return StoryProxy.of(pool, port, () -> TestServers.await(vertx.close()));
  }

  private static HttpAffinity<HttpServerRequest, ProxyResponse> affinity(
      Pool pool, StickySession session) {
    return (session.cookieName() == null)
        ? LbCookieAffinity.builder(pool, StickyOrigin.access()).session(session).build()
        : AppCookieAffinity.builder(StickyOrigin.access()).session(session).build();
  }
}
