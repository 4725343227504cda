package dev.limpet.testkit;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Tag;

/** The example of the package's documentation, and the story of a proxy that does all it should. */
@Tag("slow")
class MyProxyTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) throws IOException {
    Pool pool = Pool.builder("web").backends(backends).countConnections().build();
    MyProxy proxy = MyProxy.start(pool, session);
    return StoryProxy.of(pool, proxy.port(), proxy);
  }
}
