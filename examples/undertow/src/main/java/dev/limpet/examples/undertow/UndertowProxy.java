package dev.limpet.examples.undertow;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.undertow.StickyProxy;
import dev.limpet.undertow.UndertowAccess;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;

/** A reverse proxy for the backends in its arguments, or for two that it starts itself. */
final class UndertowProxy {
  public static void main(String[] args) throws IOException {
    List<Backend> backends = (args.length > 0)
        ? Arrays.stream(args).map(UndertowProxy::backend).toList()
        : List.of(startBackend("one"), startBackend("two"));
    Undertow server = start(Integer.getInteger("port", 8080), backends);
    System.out.println(
        "proxy at " + server.getListenerInfo().get(0).getAddress() + " for " + backends);
  }

  static Undertow start(int port, List<Backend> backends) {
    Pool pool = Pool.builder("web").backends(backends).build();
    HttpRouter<HttpServerExchange, HttpServerExchange> router = HttpRouter.of(
        pool, LbCookieAffinity.builder(pool, UndertowAccess.INSTANCE).build());
    Undertow server = Undertow.builder()
        .addHttpListener(port, "127.0.0.1", StickyProxy.handler(router))
        .build();
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
    return Backend.of(Backend.idOf(address), uri.getHost(), uri.getPort());
  }
}
