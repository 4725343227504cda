package dev.limpet.examples.jetty;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.jetty.JettyAccess;
import dev.limpet.jetty.StickyProxyHandler;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

/** The example does what its page shows. */
class JettyProxyTest {
  @Test
  void client_staysOnItsBackend_untilThatIsKilled() throws Exception {
    try (RawBackend one = RawBackend.start("one");
        RawBackend two = RawBackend.start("two")) {
      Server server = JettyProxy.start(0, List.of(one.backend(), two.backend()));
      try (RawClient client = new RawClient(server.getURI().getPort(), Duration.ofSeconds(10))) {
        String home = Echo.of(client.get()).backend();
        assertThat(client.cookies()).containsOnlyKeys("limpet-web");
        for (int i = 0; i < 3; i++) {
          assertThat(Echo.of(client.get()).backend()).isEqualTo(home);
        }

        (home.equals("one") ? one : two).kill();

        String moved = Echo.of(client.get()).backend();
        assertThat(moved).isNotEqualTo(home);
        assertThat(Echo.of(client.get()).backend()).isEqualTo(moved);
      } finally {
        server.stop();
      }
    }
  }

  @Test
  void proxy_mayHaveItsOwnSettings() throws Exception {
    try (RawBackend one = RawBackend.start("one")) {
      Pool pool = Pool.of("web", one.backend());
      Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.setHandler(withSettings(HttpRouter.of(
          pool, LbCookieAffinity.builder(pool, JettyAccess.INSTANCE).build())));
      server.start();
      try (RawClient client = new RawClient(server.getURI().getPort(), Duration.ofSeconds(10))) {
        assertThat(Echo.of(client.get()).request().startLine()).isEqualTo("GET /app/ HTTP/1.1");
      } finally {
        server.stop();
      }
    }
  }

  /** The settings of {@code docs/jetty.md}. */
  private static Handler withSettings(HttpRouter<Request, Response> router) {
    StickyProxyHandler proxy = new StickyProxyHandler(router) {
      @Override
      protected void configureHttpClient(HttpClient client) {
        super.configureHttpClient(client);
        client.setMaxConnectionsPerDestination(1000);
      }

      @Override
      protected HttpURI rewriteHttpURI(Request request) {
        HttpURI uri = super.rewriteHttpURI(request);
        return HttpURI.build(uri).pathQuery("/app" + uri.getPathQuery());
      }
    };
    proxy.setConnectTimeout(Duration.ofSeconds(1));
    return proxy;
  }

  @Test
  void argument_isAHostAndAPort() {
    Backend backend = JettyProxy.backend("[::1]:8081");

    assertThat(backend.id()).isEqualTo("[::1]:8081");
    assertThat(backend.authority()).isEqualTo("[::1]:8081");
  }
}
