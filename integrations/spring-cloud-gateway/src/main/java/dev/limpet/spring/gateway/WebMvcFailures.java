package dev.limpet.spring.gateway;

import dev.limpet.core.FailureKind;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.client.ResourceAccessException;

/** What the errors of the gateway's client for WebMVC say of a backend. */
final class WebMvcFailures {
  private WebMvcFailures() {}

  /** Returns whether no connection could be opened, so that nothing was sent on it. */
  static boolean isOfConnect(Exception error) {
    Throwable cause = causeOf(error);
    return cause != null
        && (Failures.isOfConnect(cause) || cause instanceof HttpConnectTimeoutException);
  }

  /** Returns the way in which a backend failed; null if the error says nothing about it. */
  static @Nullable FailureKind kind(Exception error) {
    Throwable cause = causeOf(error);
    if (cause == null) {
      return null;
    }
    return (cause instanceof HttpTimeoutException || cause instanceof SocketTimeoutException)
        ? FailureKind.TIMEOUT
        : FailureKind.RESET_BEFORE_RESPONSE;
  }

  /** Returns what the client failed of; null if the error is not the client's. */
  private static @Nullable Throwable causeOf(Exception error) {
    return (error instanceof ResourceAccessException) ? error.getCause() : null;
  }
}
