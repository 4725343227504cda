package dev.limpet.undertow;

import dev.limpet.core.Backend;
import io.undertow.server.HttpHandler;
import io.undertow.server.ServerConnection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A backend that keeps its connections, and counts them. */
final class KeptBackend implements AutoCloseable {
  private final Set<ServerConnection> all = ConcurrentHashMap.newKeySet();
  private final Set<ServerConnection> open = ConcurrentHashMap.newKeySet();
  private final TestProxy server;

  KeptBackend(HttpHandler handler) {
    this.server = TestProxy.start(exchange -> {
      ServerConnection connection = exchange.getConnection();
      if (all.add(connection)) {
        open.add(connection);
        connection.addCloseListener(open::remove);
      }
      handler.handleRequest(exchange);
    });
  }

  Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", server.port());
  }

  int connections() {
    return all.size();
  }

  int openConnections() {
    return open.size();
  }

  @Override
  public void close() {
    server.close();
  }
}
