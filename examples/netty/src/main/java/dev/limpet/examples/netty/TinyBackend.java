package dev.limpet.examples.netty;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import dev.limpet.core.Backend;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A backend that answers every request with its id, for a demonstration. */
final class TinyBackend {
  private TinyBackend() {}

  static Backend start(String id) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    server.createContext("/", http -> {
      byte[] body = (id + '\n').getBytes(UTF_8);
      http.sendResponseHeaders(200, body.length);
      http.getResponseBody().write(body);
      http.close();
    });
    server.start();
    return Backend.of(id, loopback.getHostAddress(), server.getAddress().getPort());
  }
}
