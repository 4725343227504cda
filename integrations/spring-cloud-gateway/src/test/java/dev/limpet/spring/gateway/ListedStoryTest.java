package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryProxy;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** A gateway whose routes have the scheme {@code limpet} is a proxy like any other. */
@Tag("slow")
class ListedStoryTest extends StickyStory {

  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) {
    TestGateway.Settings settings = TestGateway.listed(backends)
        .pool("sticky-session.type", session.type())
        .pool("passive-health.enabled", false);
    if (session.cookieName() != null) {
      settings.pool("sticky-session.cookie-name", session.cookieName());
    }
    TestGateway gateway = settings.start();
    return StoryProxy.of(gateway.pool(), gateway.port(), gateway);
  }
}
