package dev.limpet.examples.gateway.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections of clients that have no request under way and send none in time: nothing any more, or the
 * header section of one too slowly. Thread-safe.
 */
final class ClientTimeouts {
  /*
   * A connection has one timer, which looks how long it has been idle and is set again for the rest. So a
   * request costs no more than a note. A connection that goes over from HTTP/1.1 to HTTP/2 is another object
   * then, so connections are known by their peers.
   */

  private final Vertx vertx;
  private final long nanos;
  private final Map<SocketAddress, Client> clients = new ConcurrentHashMap<>();

  ClientTimeouts(Vertx vertx, Duration timeout) {
    this.vertx = vertx;
    this.nanos = timeout.toNanos();
  }

  /** Waits for the first request of a connection. */
  void opened(HttpConnection connection) {
    Client known = clients.get(peer(connection));
    if (known == null) {
      Client client = new Client(connection);
      clients.put(peer(connection), client);
      client.look();
    } else {
      known.connection = connection;
    }
  }

  /** Forgets a connection that is closed. */
  void closed(HttpConnection connection) {
    clients.remove(peer(connection));
  }

  /** Notes that a request has come. */
  void began(HttpConnection connection) {
    note(connection, 1);
  }

  /** Notes that a request is over. */
  void ended(HttpConnection connection) {
    note(connection, -1);
  }

  private void note(HttpConnection connection, int change) {
    Client client = clients.get(peer(connection));
    if (client != null) {
      client.note(change);
    }
  }

  private static SocketAddress peer(HttpConnection connection) {
    return connection.remoteAddress(true);
  }

  private final class Client {
    private volatile HttpConnection connection;
    private int requests;
    private long idleSince = System.nanoTime();

    Client(HttpConnection connection) {
      this.connection = connection;
    }

    synchronized void note(int change) {
      requests += change;
      idleSince = System.nanoTime();
    }

    void look() {
      long left = left();
      if (left <= 0) {
        connection.close();
      } else {
        long millis = TimeUnit.NANOSECONDS.toMillis(left) + 1;
        vertx.setTimer(millis, tick -> {
          if (clients.get(peer(connection)) == this) {
            look();
          }
        });
      }
    }

    private synchronized long left() {
      return (requests > 0) ? nanos : idleSince + nanos - System.nanoTime();
    }
  }
}
