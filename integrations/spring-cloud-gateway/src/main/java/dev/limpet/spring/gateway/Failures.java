package dev.limpet.spring.gateway;

import dev.limpet.core.FailureKind;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.support.TimeoutException;

/** What the errors of the gateway's client say of a backend. */
final class Failures {
  private Failures() {}

  /** Returns whether no connection could be opened, so that nothing was sent on it. */
  static boolean isOfConnect(Throwable error) {
    return error instanceof ConnectException // also if it took too long
        || error instanceof NoRouteToHostException
        || error instanceof UnknownHostException
        || error instanceof SSLHandshakeException;
  }

  /** Returns the way in which a backend failed; null if the error says nothing about it. */
  static @Nullable FailureKind kind(Throwable error) {
    if (error instanceof ReadTimeoutException || error.getCause() instanceof TimeoutException) {
      return FailureKind.TIMEOUT;
    }
    return (error instanceof IOException) ? FailureKind.RESET_BEFORE_RESPONSE : null;
  }
}
