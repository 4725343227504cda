package dev.limpet.vertx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Servers at free ports of the loopback interface, and their clients. */
final class TestServers {
  private static final int PATIENCE_MILLIS = 10_000;

  private TestServers() {}

  /** Starts a server, and returns its port. */
  static int http(Vertx vertx, HttpServerOptions options, Handler<HttpServerRequest> handler)
      throws Exception {
    return await(vertx
        .createHttpServer(options)
        .requestHandler(handler)
        .listen(0, "127.0.0.1")
        .map(HttpServer::actualPort));
  }

  /** Starts a backend that answers requests. */
  static Backend backend(Vertx vertx, String id, Handler<HttpServerRequest> handler)
      throws Exception {
    return Backend.of(id, "127.0.0.1", http(vertx, new HttpServerOptions(), handler));
  }

  /** Returns a backend that refuses connects. */
  static Backend refusing(String id) throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return Backend.of(id, "127.0.0.1", free.getLocalPort());
    }
  }

  /** Connects to a port, and sends a text. */
  static Socket send(int port, String text) throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
    client.setSoTimeout(PATIENCE_MILLIS);
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
    return client;
  }

  /** Sends the head of a request that closes its connection, and returns all of the answer. */
  static String ask(int port, String head) throws IOException {
    try (Socket client = send(port, head + "\r\nHost: a\r\nConnection: close\r\n\r\n")) {
      return rest(client);
    }
  }

  /** Reads until the connection is closed. */
  static String rest(Socket client) throws IOException {
    return new String(client.getInputStream().readAllBytes(), ISO_8859_1);
  }

  static int openRoutes(Pool pool) {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  /** Waits for something that other threads make true. */
  static void until(BooleanSupplier condition) throws InterruptedException {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS)) {
        throw new AssertionError("not within " + PATIENCE_MILLIS + " ms");
      }
      TimeUnit.MILLISECONDS.sleep(2);
    }
  }

  static <T> T await(Future<T> future) throws Exception {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
  }
}
