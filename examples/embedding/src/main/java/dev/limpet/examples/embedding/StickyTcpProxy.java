package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A TCP proxy that keeps each client address on one backend, with two threads for a connection. */
public final class StickyTcpProxy {
  private final StickyRouter<Socket> router;

  StickyTcpProxy(Pool pool) {
    router =
        StickyRouter.of(pool, SourceIpAffinity.builder(Socket::getInetAddress).build());
  }

  /** Listens on port 9000 for two backends on this host. */
  public static void main(String[] args) throws IOException {
    Backend db1 = Backend.of("db1", "127.0.0.1", 9201);
    Backend db2 = Backend.of("db2", "127.0.0.1", 9202);
    new StickyTcpProxy(Pool.of("db", db1, db2)).serve(new ServerSocket(9000));
  }

  /** Serves connections until the listener is closed, which ends this with a SocketException. */
  void serve(ServerSocket listener) throws IOException {
    while (true) {
      Socket client = listener.accept();
      new Thread(() -> serve(client)).start();
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket server = connect(client)) {
      Thread answers = new Thread(() -> copy(server, client));
      answers.start();
      copy(client, server);
      answers.join();
    } catch (IOException | InterruptedException e) {
      System.err.println(client + ": " + e);
    }
  }

  private Socket connect(Socket client) throws IOException {
    Route route = router.route(client);
    for (Backend to = route.backend(); to != null; to = route.backend()) {
      Socket server = new Socket();
      try {
        server.connect(new InetSocketAddress(to.host(), to.port()), 2_000);
        return server;
      } catch (IOException e) {
        server.close();
        route = router.reroute(client, route);
      }
    }
    throw new ConnectException("route: " + route);
  }

  /** Copies until one side ends what it sends; an error ends both. */
  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException broken) {
      try (from) {
        to.close();
      } catch (IOException closed) {
        return;
      }
    }
  }
}
