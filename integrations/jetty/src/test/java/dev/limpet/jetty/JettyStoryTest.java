package dev.limpet.jetty;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryFeature;
import dev.limpet.testkit.StoryProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** Jetty's proxy does what users rely on. */
@Tag("slow")
class JettyStoryTest extends StickyStory {
  private static final String NO_TUNNELS = "Jetty's ProxyHandler has no tunnels";

  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws Exception {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) throws Exception {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    StickyProxyHandler handler = new StickyProxyHandler(TestProxy.router(pool, session));
    handler.setConnectTimeout(Duration.ofMillis(500));
    TestProxy proxy = TestProxy.start(handler);
    return StoryProxy.of(pool, proxy.port(), proxy);
  }

  @Override
  protected Map<StoryFeature, String> unsupported() {
    return Map.of(
        StoryFeature.CLIENT_GONE_BEFORE_RESPONSE,
        "Jetty does not read from a client of HTTP/1.1 while its request is under way",
        StoryFeature.WEB_SOCKET,
        NO_TUNNELS,
        StoryFeature.WEB_SOCKET_FAILOVER,
        NO_TUNNELS);
  }
}
