package dev.limpet.examples.gateway.demo;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * A backend with a login application that keeps its sessions in memory. It serves HTTP, and lines
 * of text over TCP, on two free ports of 127.0.0.1, which it keeps for its whole life. For one
 * thread that is not an event loop; every method waits until it is done.
 */
public final class DemoBackend implements AutoCloseable {
  /*
   * Each backend has its own event loop, as if it were a process. Closing a server is not enough:
   * Vert.x reports that it is done while its connections still respond (66 of 400 did). When the
   * event loop has ended, no connection is open (0 of 400).
   */

  private static final String HOST = "127.0.0.1";

  private final String name;
  private final int httpPort;
  private final int tcpPort;
  private Vertx vertx = eventLoop();

  private DemoBackend(String name) {
    this.name = name;
    this.httpPort = serveHttp(0);
    this.tcpPort = serveTcp(0);
  }

  /**
   * Starts a backend.
   *
   * @param name its name in responses, and its id in the pools, such as {@code web1}
   */
  public static DemoBackend start(String name) {
    return new DemoBackend(name);
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns its port for HTTP. */
  public int httpPort() {
    return httpPort;
  }

  /** Returns its port for lines of text. */
  public int tcpPort() {
    return tcpPort;
  }

  /** Closes its listening sockets and connections; its sessions are lost. */
  public void kill() {
    vertx.close().await();
  }

  /** Starts it again after {@link #kill}, on the same ports and without sessions. */
  public void restart() {
    vertx = eventLoop();
    serveHttp(httpPort);
    serveTcp(tcpPort);
  }

  /** Does the same as {@link #kill}. */
  @Override
  public void close() {
    kill();
  }

  private int serveHttp(int port) {
    HttpLogin login = new HttpLogin(name);
    return vertx
        .createHttpServer()
        .requestHandler(login)
        .listen(port, HOST)
        .await()
        .actualPort();
  }

  private int serveTcp(int port) {
    TcpLogin login = new TcpLogin(name);
    return vertx
        .createNetServer()
        .connectHandler(login)
        .listen(port, HOST)
        .await()
        .actualPort();
  }

  private static Vertx eventLoop() {
    return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  }
}
