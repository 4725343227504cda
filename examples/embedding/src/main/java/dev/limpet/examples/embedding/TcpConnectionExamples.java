package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.l4.SourceIpAffinity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;

/** The examples of {@code docs/tcp-connections.md}. */
final class TcpConnectionExamples {
  private static final int CONNECT_MILLIS = 2_000;

  private final StickyRouter<Socket> router;

  TcpConnectionExamples(StickyRouter<Socket> router) {
    this.router = router;
  }

  static StickyRouter<Socket> router(List<Backend> backends) {
    Pool pool = Pool.builder("db")
        .backends(backends)
        .countConnections() // a session does not expire while a connection of it is open
        .passiveHealth(PassiveHealth.standard()) // a backend that cannot be connected to is ejected
        .build();
    return StickyRouter.of(
        pool, SourceIpAffinity.builder(Socket::getInetAddress).build());
  }

  /** A connection to a backend, and the route that holds it. */
  record Connection(Route route, Socket socket) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (route) {
        socket.close();
      }
    }
  }

  Connection connect(Socket client) throws IOException {
    Route route = router.route(client);
    for (Backend to = route.backend(); to != null; to = route.backend()) {
      Socket server = new Socket();
      try {
        server.connect(new InetSocketAddress(to.host(), to.port()), CONNECT_MILLIS);
        router.succeeded(route);
        return new Connection(route, server);
      } catch (IOException unreachable) {
        server.close();
        route = router.reroute(client, route); // closes the failed route
      }
    }
    throw new ConnectException("route: " + route); // such as NO_BACKEND (CONNECT_FAILED)
  }

  void serve(Socket client) throws IOException, InterruptedException {
    try (client;
        Connection connection = connect(client)) {
      Socket server = connection.socket();
      Thread answers = new Thread(() -> copy(server, client));
      answers.start();
      copy(client, server);
      answers.join();
    }
  }

  /** Copies until the sender ends its output; an error ends both directions. */
  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput(); // the other direction goes on
    } catch (IOException broken) {
      close(from);
      close(to);
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
