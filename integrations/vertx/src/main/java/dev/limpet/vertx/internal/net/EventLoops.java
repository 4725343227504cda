package dev.limpet.vertx.internal.net;

import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;

/** Checks of the threads that a proxy runs on. */
public final class EventLoops {
  private EventLoops() {}

  /** Returns whether the event loops serve the sockets of Java's NIO. */
  public static boolean areNio(Vertx vertx) {
    return ((VertxInternal) vertx).nettyEventLoopGroup() instanceof IoEventLoopGroup loops
        && loops.isIoType(NioIoHandler.class);
  }

  /**
   * Checks that a handler was called on an event loop, where all of a request must happen.
   *
   * @throws IllegalStateException if it was not
   */
  public static void check(ContextInternal context) {
    if (!context.isEventLoopContext()) {
      throw new IllegalStateException("context: " + context.threadingModel()
          + " (expected: EVENT_LOOP, as of a standard verticle)");
    }
  }
}
