package dev.limpet.vertx;

import io.vertx.core.http.HttpConnection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;

/** The connections of a client that have served a request. Safe for use by many threads at once. */
final class ServedConnections {
  private final Set<HttpConnection> served =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

  void add(HttpConnection connection) {
    served.add(connection);
  }

  boolean contains(HttpConnection connection) {
    return served.contains(connection);
  }
}
