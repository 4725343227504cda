package dev.limpet.examples.jetty;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.jetty.JettyAccess;
import dev.limpet.jetty.StickyProxyHandler;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;

/** A reverse proxy for the backends in its arguments, or for two that it starts itself. */
final class JettyProxy {
  public static void main(String[] args) throws Exception {
    List<Backend> backends = (args.length > 0)
        ? Arrays.stream(args).map(JettyProxy::backend).toList()
        : List.of(startBackend("one"), startBackend("two"));
    Server server = start(Integer.getInteger("port", 8080), backends);
    System.out.println("proxy at port " + server.getURI().getPort() + " for " + backends);
  }

  static Server start(int port, List<Backend> backends) throws Exception {
    Pool pool = Pool.builder("web").backends(backends).build();
    HttpRouter<Request, Response> router =
        HttpRouter.of(pool, LbCookieAffinity.builder(pool, JettyAccess.INSTANCE).build());
    Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    server.setHandler(new StickyProxyHandler(router));
    server.start();
    return server;
  }

  private static Backend startBackend(String id) throws IOException {
    InetAddress localhost = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(localhost, 0), 0);
    server.createContext("/stop", exchange -> server.stop(0));
    server.createContext("/", exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write((id + "\n").getBytes(UTF_8));
      exchange.close();
    });
    server.start();
    return Backend.of(id, localhost.getHostAddress(), server.getAddress().getPort());
  }

  static Backend backend(String address) {
    URI uri = URI.create("http://" + address);
    return Backend.of(Backend.idOf(address), String.valueOf(uri.getHost()), uri.getPort());
  }
}
