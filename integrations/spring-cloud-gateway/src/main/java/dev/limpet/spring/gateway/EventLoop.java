package dev.limpet.spring.gateway;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.netty.NettyInbound;

/** The thread on which a request is handled. */
final class EventLoop {
  private EventLoop() {}

  /**
   * Returns what a stage completes with. If the stage is not complete yet, a request continues on
   * its own thread and not on that of the store. A cancel does not reach the stage.
   */
  static <T> Mono<T> await(CompletionStage<T> stage, ServerHttpRequest request) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    Mono<T> result = Mono.fromFuture(future, true);
    return future.isDone() ? result : result.publishOn(of(request));
  }

  private static Scheduler of(ServerHttpRequest request) {
    if (ServerHttpRequestDecorator.getNativeRequest(request) instanceof NettyInbound inbound) {
      AtomicReference<Executor> loop = new AtomicReference<>();
      inbound.withConnection(connection -> loop.set(connection.channel().eventLoop()));
      return Schedulers.fromExecutor(Objects.requireNonNull(loop.get(), "event loop"));
    }
    return Schedulers.parallel();
  }
}
