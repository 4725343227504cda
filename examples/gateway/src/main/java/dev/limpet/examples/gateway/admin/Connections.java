package dev.limpet.examples.gateway.admin;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The connections to the port for operators. There are at most 256, so that a client that opens
 * many cannot use up the files of the gateway's listeners. A connection without a request in
 * progress is closed after a minute, also if it sends the head of a request slowly. For use by one
 * event loop.
 */
final class Connections {
  static final int MAX = 256;

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final LongSupplier nanos;
  private final IdentityHashMap<HttpConnection, Use> uses = new IdentityHashMap<>();

  /** Makes a count of connections by a clock in nanoseconds. */
  Connections(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** The number of requests in progress of a connection, and since when it has been 0. */
  private static final class Use {
    int requests;
    long idleSince;

    Use(long now) {
      idleSince = now;
    }
  }

  /** Adds a connection, or closes it if there are too many. */
  void add(HttpConnection connection) {
    if (uses.size() >= MAX) {
      Future<Void> unused = connection.close();
      return;
    }
    uses.put(connection, new Use(nanos.getAsLong()));
    connection.closeHandler(closed -> uses.remove(connection));
  }

  /** Notes a request, which is in progress until its response has ended. */
  void serve(HttpServerRequest request) {
    Use use = uses.get(request.connection());
    if (use != null) {
      use.requests++;
      request.response().endHandler(ended -> {
        use.requests--;
        use.idleSince = nanos.getAsLong();
      });
    }
  }

  /** Closes the connections that are idle for too long, after each interval. */
  void watch(Vertx vertx, Duration interval) {
    vertx.setPeriodic(interval.toMillis(), tick -> closeIdle());
  }

  private void closeIdle() {
    long now = nanos.getAsLong();
    List<HttpConnection> idle = uses.entrySet().stream()
        .filter(entry -> entry.getValue().requests == 0)
        .filter(entry -> now - entry.getValue().idleSince >= IDLE.toNanos())
        .map(Map.Entry::getKey)
        .toList();
    for (HttpConnection connection : idle) {
      Future<Void> unused = connection.close();
    }
  }
}
