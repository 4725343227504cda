package dev.limpet.examples.plain;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.limpet.core.Backend;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.examples.plain.JdkAccess.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Starts the proxy. */
public final class Main {
  static {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host"); // of the client
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private Main() {}

  /** Proxies to the backends that are named as host:port, or to two of its own. */
  public static void main(String[] hosts) throws IOException {
    List<Backend> backends = (hosts.length == 0)
        ? List.of(TinyBackend.start("web1"), TinyBackend.start("web2"))
        : Stream.of(hosts).map(Main::backend).toList();
    Pool pool = Pool.builder("web")
        .backends(backends)
        .passiveHealth(PassiveHealth.standard())
        .build();
    HttpRouter<HttpExchange, Response> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, new JdkAccess()).build());
    HttpServer server = start(router, Integer.getInteger("port", 8080), Duration.ofSeconds(2));
    System.out.println("http://localhost:" + server.getAddress().getPort() + " for " + backends);
  }

  /** Starts a proxy at a port; 0 picks a free one. */
  static HttpServer start(
      HttpRouter<HttpExchange, Response> router, int port, Duration connectTimeout)
      throws IOException {
    HttpClient client = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .connectTimeout(connectTimeout)
        .build();
    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
    server.createContext("/", new PlainProxy(router, client)::serve);
    server.setExecutor(threads());
    server.start();
    return server;
  }

  private static Backend backend(String text) {
    URI uri = URI.create("http://" + text);
    return Backend.of(Backend.idOf(text), uri.getHost(), uri.getPort());
  }

  /** Returns virtual threads where the JDK has them. */
  private static ExecutorService threads() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException beforeJava21) {
      return Executors.newCachedThreadPool();
    }
  }
}
