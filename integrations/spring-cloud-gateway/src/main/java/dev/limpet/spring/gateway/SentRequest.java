package dev.limpet.spring.gateway;

import dev.limpet.core.FailureKind;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import reactor.core.publisher.Flux;

/** A request on its way to a backend, which notices when it is sent. */
final class SentRequest extends ServerHttpRequestDecorator {
  private volatile boolean isSent;
  private volatile boolean isBroken;
  private volatile boolean isComplete;

  SentRequest(ServerHttpRequest request) {
    super(request);
  }

  /** Returns the body. The client of the gateway asks for it once it has a connection. */
  @Override
  public Flux<DataBuffer> getBody() {
    isSent = true;
    return getDelegate()
        .getBody()
        .doOnError(broken -> isBroken = true)
        .doOnComplete(() -> isComplete = true);
  }

  /** Returns whether there was a connection to send the request on. */
  boolean isSent() {
    return isSent;
  }

  /** Returns whether a failure is the backend's, and not that of a client that is gone or slow. */
  boolean isOfBackend(FailureKind kind) {
    return !isBroken && (isComplete || kind != FailureKind.TIMEOUT);
  }
}
