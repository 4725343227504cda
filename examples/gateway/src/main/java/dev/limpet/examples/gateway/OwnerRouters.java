package dev.limpet.examples.gateway;

import dev.limpet.core.StickyRouter;
import dev.limpet.l7.HttpRouter;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.NetSocket;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The routers of the listeners that share sessions, by the listeners' names. Immutable.
 *
 * @param http those of the HTTP listeners
 * @param tcp those of the TCP listeners
 */
record OwnerRouters(
    Map<String, HttpRouter<HttpServerRequest, HttpServerResponse>> http,
    Map<String, StickyRouter<NetSocket>> tcp) {

  /** Copies the maps, in their order. */
  OwnerRouters {
    http = Collections.unmodifiableMap(new LinkedHashMap<>(http));
    tcp = Collections.unmodifiableMap(new LinkedHashMap<>(tcp));
  }

  /** Returns all routers. */
  List<StickyRouter<?>> all() {
    List<StickyRouter<?>> all = new ArrayList<>(http.values());
    all.addAll(tcp.values());
    return all;
  }

  /** Returns the router of a listener; null if it is not one of these. */
  @Nullable
  StickyRouter<?> of(String listener) {
    StickyRouter<?> byRequest = http.get(listener);
    return (byRequest != null) ? byRequest : tcp.get(listener);
  }
}
