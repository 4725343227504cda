package dev.limpet.jetty;

import dev.limpet.core.FailureKind;
import dev.limpet.l7.StickyExchange;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpResponseException;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/** A request of a client on its way, and what the client's threads have noticed of it. */
final class Forwarding {
  private final StickyExchange<org.eclipse.jetty.server.Request, Response> exchange;
  private volatile @Nullable Request sending;
  private volatile boolean isUnsent;
  private volatile boolean isSent;
  private volatile boolean isClientFailed;
  private volatile @Nullable Throwable broken;

  Forwarding(StickyExchange<org.eclipse.jetty.server.Request, Response> exchange) {
    this.exchange = exchange;
  }

  StickyExchange<org.eclipse.jetty.server.Request, Response> exchange() {
    return exchange;
  }

  /** Begins an attempt, of which nothing is sent yet. */
  void follow(Request request) {
    isUnsent = true;
    isSent = false;
    sending = request;
    request.onRequestBegin(begun -> isUnsent = false).onRequestSuccess(sent -> isSent = true);
  }

  /** Returns whether an attempt has begun and nothing of the request was sent. */
  boolean isUnsent() {
    return isUnsent;
  }

  void clientFailed() {
    isClientFailed = true;
  }

  /** Aborts the attempt, if there is one, because the client left. */
  void abort(Throwable failure) {
    isClientFailed = true;
    Request request = sending;
    if (request != null) {
      CompletableFuture<Boolean> unused = request.abort(failure);
    }
  }

  /**
   * Reports a failure of the backend. A client that has not sent its whole request may be why the
   * backend did not respond in time.
   */
  void report(Throwable failure) {
    boolean isLate = failure instanceof TimeoutException;
    if (!isClientFailed && (isLate ? isSent : isOfTheConnection(failure))) {
      exchange.failed(isLate ? FailureKind.TIMEOUT : FailureKind.RESET_BEFORE_RESPONSE);
    }
  }

  /** Returns whether the backend is to blame, and not a request that the client cannot send. */
  private static boolean isOfTheConnection(Throwable failure) {
    return failure instanceof IOException || failure instanceof HttpResponseException;
  }

  /** Remembers that the embedder's access or table threw. */
  void breakBy(Throwable thrown) {
    broken = thrown;
  }

  @Nullable
  Throwable broken() {
    return broken;
  }
}
