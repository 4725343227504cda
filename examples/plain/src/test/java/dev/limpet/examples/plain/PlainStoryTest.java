package dev.limpet.examples.plain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.examples.plain.JdkAccess.Response;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryFeature;
import dev.limpet.testkit.StoryProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class PlainStoryTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    HttpServer server =
        Main.start(HttpRouter.of(pool, affinity(pool, session)), 0, Duration.ofMillis(300));
    return StoryProxy.of(pool, server.getAddress().getPort(), () -> server.stop(0));
  }

  @Override
  protected Map<StoryFeature, String> unsupported() {
    return Map.of(
        StoryFeature.WEB_SOCKET, "the JDK's HTTP server cannot upgrade a connection",
        StoryFeature.CLIENT_GONE_BEFORE_RESPONSE, "the server does not read while it waits");
  }

  private static HttpAffinity<HttpExchange, Response> affinity(Pool pool, StickySession session) {
    return (session.type() == StickySession.Type.LB_COOKIE)
        ? LbCookieAffinity.builder(pool, new JdkAccess()).session(session).build()
        : AppCookieAffinity.builder(new JdkAccess()).session(session).build();
  }
}
