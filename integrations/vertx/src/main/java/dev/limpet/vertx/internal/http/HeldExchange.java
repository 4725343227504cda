package dev.limpet.vertx.internal.http;

import dev.limpet.l7.StickyExchange;
import org.jspecify.annotations.Nullable;

/**
 * How long a request holds its backend: until the backend's response is complete and may leave, and
 * the request's body, if it is being sent, has been. For the event loop of the client's connection.
 */
final class HeldExchange {
  private @Nullable StickyExchange<?, ?> exchange;
  private boolean isAnswered;
  private boolean isSending;

  /** Takes the request's exchange, and closes it at once if the request is over. */
  void take(StickyExchange<?, ?> begun) {
    exchange = begun;
    closeIfOver();
  }

  /** Notes that a body is being sent. */
  void beginBody() {
    isSending = true;
  }

  /** Notes that the body has been sent, or never will be. */
  void endBody() {
    isSending = false;
    closeIfOver();
  }

  /** Notes that the response is complete and may leave. */
  void endResponse() {
    isAnswered = true;
    closeIfOver();
  }

  private void closeIfOver() {
    if (isAnswered && !isSending && exchange != null) {
      exchange.close();
    }
  }
}
