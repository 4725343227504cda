package dev.limpet.examples.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.StickySession;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryProxy;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The gateway is a proxy like any other that embeds Limpet. */
@Tag("slow")
class GatewayStoryTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
    return proxy(backends, session);
  }

  static StoryProxy proxy(List<Backend> backends, StickySession session) throws IOException {
    TestGateway gateway =
        TestGateway.of(TestGateway.yaml("http", "", sticky(session), entries(backends)));
    return StoryProxy.of(gateway.pool(), gateway.port(), gateway);
  }

  private static String sticky(StickySession session) {
    String name = (session.cookieName() == null) ? "" : ", cookieName: " + session.cookieName();
    return "stickySession: {type: " + session.type() + name + "}\nfailover: move";
  }

  private static List<String> entries(List<Backend> backends) {
    return backends.stream()
        .map(backend ->
            "{id: %s, address: \"%s:%d\"}".formatted(backend.id(), backend.host(), backend.port()))
        .toList();
  }
}
