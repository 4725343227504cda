package dev.limpet.examples.gateway.net;

import io.vertx.core.Future;
import java.io.IOException;
import java.util.concurrent.CompletionException;

/** Waits for servers to listen, and names them. */
public final class Listening {
  private Listening() {}

  /**
   * Waits until a server listens. Not for event loops.
   *
   * @param name the server in messages, such as {@code admin}
   * @param host the address at which it shall listen
   * @param port the port at which it shall listen
   * @throws IOException if it cannot listen, which the message says with the reason
   */
  public static <T> T await(Future<T> server, String name, String host, int port)
      throws IOException {
    try {
      return server.toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      throw new IOException(
          name + ": cannot listen at " + at(host, port) + " (" + reason(e) + ")", e);
    }
  }

  /** Returns an address and a port as a URI has them. */
  public static String at(String host, int port) {
    return (host.contains(":") ? '[' + host + ']' : host) + ':' + port;
  }

  private static String reason(CompletionException e) {
    Throwable cause = (e.getCause() == null) ? e : e.getCause();
    String message = cause.getMessage();
    return (message == null) ? cause.getClass().getSimpleName() : message;
  }
}
