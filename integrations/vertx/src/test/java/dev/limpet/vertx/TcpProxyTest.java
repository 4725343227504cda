package dev.limpet.vertx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TcpProxyTest {
  private final Vertx vertx = Vertx.vertx();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ServerSocket> backends = new HashMap<>();
  private final Map<String, Future<?>> acceptors = new HashMap<>();
  private final List<Throwable> unexpected = new CopyOnWriteArrayList<>();
  private Pool pool;
  private StickyTcpProxy proxy;

  @BeforeEach
  void start() throws Exception {
    pool = Pool.builder("db")
        .backends(List.of(backend("b1"), backend("b2"), backend("b3")))
        .countConnections()
        .build();
    StickyRouter<NetSocket> router = StickyRouter.of(
        pool, SourceIpAffinity.<NetSocket>builder(ClientAddress::of).build());
    proxy = StickyTcpProxy.of(vertx, router);
  }

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
    for (String id : backends.keySet()) {
      kill(id);
    }
    threads.shutdownNow();
  }

  /** A backend that says its id, and answers all that it receives, backwards, at its end. */
  private Backend backend(String id) throws IOException {
    ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    backends.put(id, listening);
    acceptors.put(id, threads.submit(() -> {
      while (!listening.isClosed()) {
        accept(id, listening);
      }
    }));
    return Backend.of(id, "127.0.0.1", listening.getLocalPort());
  }

  /** Closes a backend. No connection is accepted after this has returned. */
  private void kill(String id) throws Exception {
    backends.get(id).close();
    acceptors.get(id).get(10, TimeUnit.SECONDS);
  }

  private void accept(String id, ServerSocket listening) {
    try {
      Socket client = listening.accept();
      threads.execute(() -> {
        try (client) {
          client.getOutputStream().write(id.getBytes(ISO_8859_1));
          String all = new String(client.getInputStream().readAllBytes(), ISO_8859_1);
          client
              .getOutputStream()
              .write(new StringBuilder(all).reverse().toString().getBytes(ISO_8859_1));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    } catch (IOException closed) {
      // by the test
    }
  }

  private int listen() throws Exception {
    return TestServers.await(vertx
        .createNetServer()
        .connectHandler(proxy)
        .listen(0, "127.0.0.1")
        .map(NetServer::actualPort));
  }

  private static Socket client(int port, String address) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port, InetAddress.getByName(address), 0);
  }

  private static String id(Socket client) throws IOException {
    return new String(client.getInputStream().readNBytes(2), ISO_8859_1);
  }

  @Test
  void clientsOfAnAddress_reachOneBackend() throws Exception {
    int port = listen();
    Map<String, String> homes = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      String address = "127.0.9." + (1 + i % 5);
      try (Socket client = client(port, address)) {
        String id = id(client);
        assertThat(homes.computeIfAbsent(address, any -> id)).isEqualTo(id);
      }
    }
    assertThat(homes.values()).contains("b1", "b2", "b3");
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void eachDirection_endsOnItsOwn() throws Exception {
    int port = listen();
    try (Socket client = client(port, "127.0.9.1")) {
      id(client);
      client.getOutputStream().write("abc".getBytes(ISO_8859_1));
      client.shutdownOutput();

      InputStream in = client.getInputStream();
      assertThat(in.readAllBytes()).asString(ISO_8859_1).isEqualTo("cba");
    }
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void route_isOpenWhileTheConnectionIs() throws Exception {
    int port = listen();
    try (Socket client = client(port, "127.0.9.1")) {
      String home = id(client);
      assertThat(pool.snapshot().member(home).load().connections()).isOne();
    }
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void clientOfADeadBackend_reachesAnother_andIsClosedIfNoneIsLeft() throws Exception {
    int port = listen();
    String home;
    try (Socket client = client(port, "127.0.9.1")) {
      home = id(client);
    }
    kill(home);

    try (Socket client = client(port, "127.0.9.1")) {
      assertThat(id(client)).isNotEqualTo(home).startsWith("b");
    }
    for (String id : backends.keySet()) {
      kill(id);
    }
    try (Socket client = client(port, "127.0.9.1")) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    TestServers.until(() -> TestServers.openRoutes(pool) == 0);
  }

  @Test
  void routerThatThrows_closesTheClient_andIsReported() throws Exception {
    vertx.exceptionHandler(unexpected::add);
    proxy = StickyTcpProxy.of(
        vertx,
        StickyRouter.of(
            pool,
            SourceIpAffinity.<NetSocket>builder(socket -> {
                  throw new IllegalStateException("broken");
                })
                .build()));

    try (Socket client = client(listen(), "127.0.9.1")) {
      client.setSoTimeout(10_000);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    TestServers.until(() -> !unexpected.isEmpty());
    assertThat(unexpected.get(0)).hasRootCauseMessage("broken");
  }

  @Test
  void workerVerticle_isRefused() throws Exception {
    vertx.exceptionHandler(unexpected::add);
    CompletableFuture<Integer> port = new CompletableFuture<>();
    TestServers.await(vertx.deployVerticle(
        new VerticleBase() {
          @Override
          public io.vertx.core.Future<?> start() {
            return vertx
                .createNetServer()
                .connectHandler(proxy)
                .listen(0, "127.0.0.1")
                .map(NetServer::actualPort)
                .onSuccess(port::complete);
          }
        },
        new DeploymentOptions().setThreadingModel(ThreadingModel.WORKER)));

    try (Socket client = client(port.join(), "127.0.9.1")) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
    TestServers.until(() -> !unexpected.isEmpty());
  }
}
