package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.FaultException;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class BackendConnectorTest {
  private final Vertx vertx = Vertx.vertx();
  private final Set<String> lookupThreads = ConcurrentHashMap.newKeySet();
  private final List<String> lines = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
  }

  private BackendConnector.Builder named() {
    return BackendConnector.builder(vertx).log(lines::add).names(name -> {
      lookupThreads.add(Thread.currentThread().getName());
      return new InetAddress[] {
        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}),
        InetAddress.getByAddress(new byte[] {127, 0, 0, 2})
      };
    });
  }

  private int serve(BackendConnector connector, Pool pool) throws Exception {
    HttpRouter<HttpServerRequest, HttpServerResponse> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new VertxAccess()).build());
    return TestServers.http(
        vertx,
        StickyHttpProxy.serverOptions(),
        StickyHttpProxy.builder(connector, router)
            .responseTimeout(Duration.ofMillis(50))
            .build());
  }

  private Pool pool(String host, boolean answers) throws Exception {
    Backend backend = TestServers.backend(vertx, "b1", request -> {
      if (answers) {
        request.response().end("fine");
      }
    });
    return Pool.of("web", Backend.of("b1", host, backend.port()));
  }

  @Test
  void names_areLookedUpOnceByWorkers() throws Exception {
    BackendConnector connector = named().build();
    int port = serve(connector, pool("app.test", true));

    for (int i = 0; i < 3; i++) {
      assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    }
    assertThat(lookupThreads).singleElement().asString().startsWith("vert.x-worker-thread");
    assertThat(lines)
        .singleElement()
        .asString()
        .matches("address app\\.test:\\d+: 2 addresses, 127\\.0\\.0\\.1, 127\\.0\\.0\\.2; "
            + "uses 127\\.0\\.0\\.1 while it answers");
  }

  @Test
  void lookups_areRunByTheExecutorThatIsSet() throws Exception {
    BackendConnector connector =
        named().lookups(task -> new Thread(task, "mine").start()).build();
    int port = serve(connector, pool("app.test", true));

    assertThat(TestServers.ask(port, "GET / HTTP/1.1")).startsWith("HTTP/1.1 200 ");
    assertThat(lookupThreads).containsExactly("mine");
  }

  @Test
  void timeouts_areCountedForEachPool() throws Exception {
    BackendConnector connector = BackendConnector.of(vertx);
    Pool silent = pool("127.0.0.1", false);
    Pool other = pool("127.0.0.1", true);

    assertThat(TestServers.ask(serve(connector, silent), "GET / HTTP/1.1"))
        .startsWith("HTTP/1.1 504 ");
    assertThat(TestServers.ask(serve(connector, other), "GET / HTTP/1.1"))
        .startsWith("HTTP/1.1 200 ");

    assertThat(connector.timeouts(silent)).isOne();
    assertThat(connector.timeouts(other)).isZero();
    assertThat(connector.surpluses(silent)).isZero();
  }

  @Test
  void prepare_takesBackendsOfAnyScheme() {
    BackendConnector.of(vertx)
        .prepare(List.of(
            Backend.of("b1", "127.0.0.1", 80),
            Backend.of("b2", "127.0.0.1", 443).withScheme("https"),
            Backend.of("b3", "127.0.0.1", 443)
                .withScheme("https")
                .withAttachment(new BackendTls(List.of(), "b3.test"))));
  }

  @Test
  void settingsOutOfRange_areRefused() {
    assertThatThrownBy(() -> named().connectTimeout(Duration.ZERO))
        .isInstanceOf(FaultException.class)
        .hasMessage("connectTimeout: PT0S (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> new BackendTls(List.of(), ""))
        .hasMessage("name: \"\" (expected: a name or an IP address)");
  }
}
