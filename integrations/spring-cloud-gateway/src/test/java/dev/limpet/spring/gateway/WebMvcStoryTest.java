package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryFeature;
import dev.limpet.testkit.StoryProxy;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

/** A gateway for WebMVC is a proxy like any other. */
@Tag("slow")
class WebMvcStoryTest extends StickyStory {

  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) {
    return proxy(backends, session);
  }

  @Override
  protected Map<StoryFeature, String> unsupported() {
    return Map.of(
        StoryFeature.WEB_SOCKET, "the gateway for WebMVC passes no WebSockets",
        StoryFeature.WEB_SOCKET_FAILOVER, "the gateway for WebMVC passes no WebSockets",
        StoryFeature.CLIENT_GONE_BEFORE_RESPONSE, "Tomcat notices it only when it writes");
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) {
    TestGateway.Settings settings = TestGateway.listed(backends)
        .onServlets()
        .pool("sticky-session.type", session.type())
        .pool("passive-health.enabled", false);
    if (session.cookieName() != null) {
      settings.pool("sticky-session.cookie-name", session.cookieName());
    }
    TestGateway gateway = settings.start();
    return StoryProxy.of(gateway.pool(), gateway.port(), gateway);
  }
}
