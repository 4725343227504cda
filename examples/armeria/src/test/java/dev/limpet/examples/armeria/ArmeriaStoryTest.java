package dev.limpet.examples.armeria;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.Server;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.StickyStory;
import dev.limpet.testkit.StoryFeature;
import dev.limpet.testkit.StoryProxy;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("slow")
class ArmeriaStoryTest extends StickyStory {
  @Override
  protected StoryProxy start(List<Backend> backends, StickySession session) {
    Pool pool = Pool.builder("web").countConnections().build();
    WebClient client = StickyArmeria.client(
        HttpRouter.of(pool, affinity(pool, session)),
        backends.stream().map(ArmeriaStoryTest::endpoint).toList(),
        Duration.ofMillis(300));
    Server server = StickyArmeria.server(client, 0);
    server.start().join();
    StoryProxy proxy = StoryProxy.of(pool, server.activeLocalPort(), () -> {
      var unused = server.closeAsync(); // takes two seconds, for which nobody needs to wait
      var unusedToo = client.options().factory().closeAsync();
    });
    return new StoryProxy() {
      @Override
      public int port() {
        return proxy.port();
      }

      @Override
      public void drain(String id) throws Exception {
        proxy.drain(idInThePool(id, backends));
      }

      @Override
      public int openRoutes() {
        return proxy.openRoutes();
      }

      @Override
      public void close() throws Exception {
        proxy.close();
      }
    };
  }

  @Override
  protected Map<StoryFeature, String> unsupported() {
    return Map.of(
        StoryFeature.WEB_SOCKET, "a web client has no tunnels",
        StoryFeature.CLIENT_GONE_BEFORE_RESPONSE,
            "the server sees that a client of HTTP/1.1 has left when it writes");
  }

  /** The pool follows the endpoints, which have no ids. */
  private static String idInThePool(String id, List<Backend> backends) {
    return backends.stream()
        .filter(backend -> backend.id().equals(id))
        .map(backend -> endpoint(backend).authority())
        .findAny()
        .orElseThrow();
  }

  private static Endpoint endpoint(Backend backend) {
    return Endpoint.of(backend.host(), backend.port());
  }

  private static HttpAffinity<RequestHeaders, ResponseHeadersBuilder> affinity(
      Pool pool, StickySession session) {
    return (session.type() == StickySession.Type.LB_COOKIE)
        ? LbCookieAffinity.builder(pool, new ArmeriaAccess()).session(session).build()
        : AppCookieAffinity.builder(new ArmeriaAccess()).session(session).build();
  }
}
