package dev.limpet.benchmarks.report;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * Backends for measuring proxies. Each responds with its name, {@code web1} and so on, and sets a
 * cookie {@code x} if the client has none.
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.report.Origin 3</pre>
 */
public final class Origin {
  private static final String COOKIE = "x=";

  private Origin() {}

  /**
   * Starts backends, and prints their ports in one line.
   *
   * @param args the number of backends
   */
  public static void main(String[] args) {
    Main.run(args, "COUNT", 1, 1, () -> {
      System.setProperty("sun.net.httpserver.nodelay", "true");
      System.setProperty("sun.net.httpserver.idleInterval", "86400");
      System.setProperty("sun.net.httpserver.maxIdleConnections", "4096");
      System.out.println(start(Integer.parseInt(args[0])).stream()
          .map(server -> Integer.toString(server.getAddress().getPort()))
          .collect(Collectors.joining(" ")));
    });
  }

  /** Starts backends on free ports of the loopback address. */
  static List<HttpServer> start(int count) {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<HttpServer> servers = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      byte[] name = ("web" + i + '\n').getBytes(StandardCharsets.US_ASCII);
      HttpServer server = bound();
      server.createContext("/", exchange -> answer(exchange, name));
      server.setExecutor(threads);
      server.start();
      servers.add(server);
    }
    return servers;
  }

  private static HttpServer bound() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1024);
    } catch (IOException e) {
      throw new UncheckedIOException("port: none (expected: a free one)", e);
    }
  }

  private static void answer(HttpExchange exchange, byte[] body) throws IOException {
    String cookies = exchange.getRequestHeaders().getFirst("Cookie");
    if (cookies == null || !(";" + cookies.replace(" ", "")).contains(";" + COOKIE)) {
      exchange.getResponseHeaders().add("Set-Cookie", COOKIE + UUID.randomUUID() + "; Path=/");
    }
    if ("close".equalsIgnoreCase(exchange.getRequestHeaders().getFirst("Connection"))) {
      exchange.getResponseHeaders().set("Connection", "close"); // or wrk counts an error
    }
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
