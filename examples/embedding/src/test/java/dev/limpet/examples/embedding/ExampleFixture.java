package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.embedding.Embedder.Request;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.List;

/** Backends, requests and clients with which the examples of the documents are run. */
class ExampleFixture {
  static final byte[] SECRET = new byte[32];
  static final KeyExtractor<Request> TENANT =
      KeyExtractor.string(request -> request.header("X-Tenant"));

  final Backend web1 = Backend.of("web1", "10.0.0.21", 8080);
  final Backend web2 = Backend.of("web2", "10.0.0.22", 8080);
  final Pool pool = Pool.of("web", web1, web2);

  static InetAddress address(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Socket client(String address) {
    return new Socket() {
      @Override
      public InetAddress getInetAddress() {
        return address(address);
      }
    };
  }

  static Request ofTenant(String tenant) {
    Request request = new Request(address("192.0.2.1"));
    request.headers().set("X-Tenant", List.of(tenant));
    return request;
  }

  static Request withCookie(String cookie) {
    Request request = new Request(address("192.0.2.1"));
    request.headers().set("Cookie", List.of(cookie));
    return request;
  }

  static Affinity<Request> byTenant() {
    return KeyAffinity.builder(TENANT).build();
  }

  static String backend(Route route) {
    return String.valueOf(route.backend() == null ? null : route.backend().id());
  }

  /** Routes a session until it is bound to a backend. */
  static <R> void bindTo(StickyRouter<R> router, Backend wanted, R request) {
    while (!backend(router.route(request)).equals(wanted.id())) {
      router.unbind(request);
    }
  }
}
