package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;

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
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class StickyHttpProxyStoryTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws Exception {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) throws Exception {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, affinity(pool, session));
    Vertx vertx = Vertx.vertx();
    List<Throwable> unexpected = new CopyOnWriteArrayList<>();
    vertx.exceptionHandler(unexpected::add);
    StickyHttpProxy proxy = StickyHttpProxy.builder(vertx, router)
        .connectTimeout(Duration.ofMillis(500))
        .build();
    int port = TestServers.http(vertx, StickyHttpProxy.serverOptions(), proxy);
    return StoryProxy.of(pool, port, () -> {
      TestServers.await(vertx.close());
      assertThat(unexpected).isEmpty();
    });
  }

  private static HttpAffinity<HttpServerRequest, HttpServerResponse> affinity(
      Pool pool, StickySession session) {
    return (session.cookieName() == null)
        ? LbCookieAffinity.builder(pool, new VertxAccess()).session(session).build()
        : AppCookieAffinity.builder(new VertxAccess()).session(session).build();
  }
}
