package dev.limpet.benchmarks;

import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerInteraction;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.List;

/** Vert.x: consistent hashing of the session's id, with the default number of virtual servers. */
final class VertxPeer extends ListPeer {
  private final String[] ids;
  private volatile View view;

  VertxPeer(List<String> backends, String[] ids) {
    super(backends, ids.length);
    this.ids = ids;
    this.view = View.of(backends);
  }

  @Override
  public Object route(int session) {
    View now = view;
    return now.servers.get(now.selector.select(ids[session]));
  }

  @Override
  String request(int session) {
    return ((Server) route(session)).key();
  }

  @Override
  void serve(List<String> backends) {
    view = View.of(backends);
  }

  private record View(List<Server> servers, ServerSelector selector) {
    static View of(List<String> backends) {
      List<Server> servers = backends.stream().map(Server::new).toList();
      return new View(servers, LoadBalancer.CONSISTENT_HASHING.selector(servers));
    }
  }

  /** A server as a resolver would return it; only its key is used. */
  private record Server(String key) implements ServerEndpoint {
    @Override
    public SocketAddress address() {
      return SocketAddress.inetSocketAddress(8080, key);
    }

    @Override
    public ServerInteraction newInteraction() {
      throw new UnsupportedOperationException();
    }

    @Override
    public InteractionMetrics<?> metrics() {
      return InteractionMetrics.INSTANCE;
    }

    @Override
    public Object unwrap() {
      return key;
    }
  }
}
