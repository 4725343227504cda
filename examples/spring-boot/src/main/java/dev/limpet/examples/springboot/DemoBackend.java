package dev.limpet.examples.springboot;

import java.net.URI;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/**
 * A server that answers with its name.
 *
 * @param server the running server
 */
record DemoBackend(DisposableServer server) {

  static DemoBackend start(String name, String address) {
    URI at = URI.create("http://" + address);
    return new DemoBackend(HttpServer.create()
        .host(at.getHost())
        .port(at.getPort())
        .maxKeepAliveRequests(1)
        .handle((request, response) -> response.sendString(Mono.just(name + "\n")))
        .bindNow());
  }

  void stop() {
    server.disposeNow();
  }
}
