package dev.limpet.undertow;

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

/** Undertow's proxy does what users rely on. */
@Tag("slow")
class UndertowStoryTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    TestProxy proxy = TestProxy.start(StickyProxy.builder(TestProxy.router(pool, session))
        .connectTimeout(Duration.ofMillis(500))
        .handler());
    return StoryProxy.of(pool, proxy.port(), proxy);
  }

  @Override
  protected Map<StoryFeature, String> unsupported() {
    return Map.of(
        StoryFeature.CLIENT_GONE_BEFORE_RESPONSE,
        "Undertow does not read from a client of HTTP/1.1 while its request is under way");
  }
}
