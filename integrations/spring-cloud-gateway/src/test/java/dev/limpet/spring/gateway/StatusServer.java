package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

/** A backend that keeps connections alive, and can fail a number of requests. */
final class StatusServer implements AutoCloseable {
  private final String id;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicInteger breaking = new AtomicInteger();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private DisposableServer server;

  private StatusServer(String id) {
    this.id = id;
    this.server = listen(0);
  }

  static StatusServer start(String id) {
    return new StatusServer(id);
  }

  static List<Backend> backends(StatusServer... servers) {
    return Stream.of(servers).map(StatusServer::backend).toList();
  }

  Backend backend() {
    return Backend.of(id, "127.0.0.1", server.port());
  }

  int requests() {
    return requests.get();
  }

  /** Answers the next requests with 503. */
  void failNext(int count) {
    failing.set(count);
  }

  /** Closes the connections of the next requests. */
  void breakNext(int count) {
    breaking.set(count);
  }

  /** Listens again, at the same port. */
  void revive() {
    server = listen(server.port());
  }

  @Override
  public void close() {
    server.disposeNow();
    connections.close().syncUninterruptibly();
  }

  private DisposableServer listen(int port) {
    return HttpServer.create()
        .host("127.0.0.1")
        .port(port)
        .channelGroup(connections)
        .handle(this::answer)
        .bindNow();
  }

  private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
    requests.incrementAndGet();
    if (breaking.getAndUpdate(StatusServer::oneLess) > 0) {
      request.withConnection(connection -> {
        var unused = connection.channel().close();
      });
      return Mono.never();
    }
    boolean isFailing = failing.getAndUpdate(StatusServer::oneLess) > 0;
    return request
        .receive()
        .aggregate()
        .asByteArray()
        .defaultIfEmpty(new byte[0])
        .flatMap(body -> response
            .status(isFailing ? 503 : 200)
            .header("Server-Id", id)
            .header("Body-Size", String.valueOf(body.length))
            .sendString(Mono.just(isFailing ? "failing" : "fine"))
            .then());
  }

  private static int oneLess(int count) {
    return Math.max(count - 1, 0);
  }
}
