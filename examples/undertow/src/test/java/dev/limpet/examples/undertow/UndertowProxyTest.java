package dev.limpet.examples.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.undertow.StickyProxy;
import dev.limpet.undertow.UndertowAccess;
import io.undertow.Undertow;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.proxy.ProxyClient;
import io.undertow.server.handlers.proxy.ProxyHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.ssl.XnioSsl;

/** The example does what its page shows. */
class UndertowProxyTest {
  @Test
  void client_staysOnItsBackend_untilThatIsKilled() throws Exception {
    try (RawBackend one = RawBackend.start("one");
        RawBackend two = RawBackend.start("two")) {
      Undertow server = UndertowProxy.start(0, List.of(one.backend(), two.backend()));
      int port = ((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort();
      try (RawClient client = new RawClient(port, Duration.ofSeconds(10))) {
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
    Pool pool = Pool.of("web", Backend.of("one", "localhost", 443).withScheme("https"));
    XnioSsl ssl = new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY);

    HttpHandler proxy = withSettings(
        HttpRouter.of(
            pool, LbCookieAffinity.builder(pool, UndertowAccess.INSTANCE).build()),
        ssl);

    assertThat(proxy).isInstanceOf(ProxyHandler.class);
  }

  /** The settings of {@code docs/undertow.md}. */
  private static HttpHandler withSettings(
      HttpRouter<HttpServerExchange, HttpServerExchange> router, XnioSsl ssl) {
    ProxyClient client = StickyProxy.builder(router)
        .connectTimeout(Duration.ofSeconds(2))
        .idleTimeout(Duration.ofSeconds(30))
        .connectionsPerThread(1000)
        .ssl(ssl)
        .client();
    return ProxyHandler.builder()
        .setProxyClient(client)
        .setMaxRequestTime(30_000)
        .build();
  }

  @Test
  void argument_isAHostAndAPort() {
    Backend backend = UndertowProxy.backend("[::1]:8081");

    assertThat(backend.id()).isEqualTo("[::1]:8081");
    assertThat(backend.authority()).isEqualTo("[::1]:8081");
  }
}
