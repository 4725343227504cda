package dev.limpet.examples.gateway.admin;

import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Reports exceptions that should not occur. */
final class Complaints {
  private static final String OURS = "dev.limpet.";

  private Complaints() {}

  /** Passes an exception to the handler of exceptions that nothing else handles. */
  static void report(Throwable thrown, Vertx vertx) {
    ((ContextInternal) vertx.getOrCreateContext()).reportException(thrown);
  }

  /**
   * Says where each such exception was thrown. Its message is left out, because it may contain what
   * the operator sent.
   *
   * @param lines receives a line for each exception, except if a peer closed its connection
   */
  static void say(Vertx vertx, Consumer<String> lines) {
    vertx.exceptionHandler(thrown -> {
      if (!(thrown instanceof IOException)) {
        lines.accept("admin: unexpected: " + thrown.getClass().getName() + place(thrown));
      }
    });
  }

  private static String place(Throwable thrown) {
    return Stream.of(thrown.getStackTrace())
        .filter(frame -> frame.getClassName().startsWith(OURS))
        .findFirst()
        .map(frame -> " at " + frame)
        .orElse("");
  }
}
