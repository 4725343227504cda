package dev.limpet.vertx.internal.http;

import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Queues the parts of a response until its head may be sent. For the event loop of the backend's
 * connection.
 */
final class AnswerGate {
  private final Queue<Part> waiting = new ArrayDeque<>(0); // nearly always empty
  private boolean isShut;
  private boolean isGone;

  /** Queues all further parts. */
  void shut() {
    isShut = true;
  }

  /** Passes on the queued parts, and all further ones at once. */
  void open() {
    Part part = waiting.poll();
    while (part != null) {
      part.handling().run();
      part = waiting.poll();
    }
    isShut = false;
  }

  /** Passes on a part without content. */
  void pass(Runnable handling) {
    pass("", handling);
  }

  /**
   * Passes on a part, now or when this opens.
   *
   * @param content released if the part is dropped
   * @param handling passes the part on
   */
  void pass(Object content, Runnable handling) {
    if (isGone) {
      ReferenceCountUtil.release(content);
    } else if (isShut) {
      waiting.add(new Part(content, handling));
    } else {
      handling.run();
    }
  }

  /** Drops the queued parts and all further ones. */
  void drop() {
    isGone = true;
    waiting.forEach(part -> ReferenceCountUtil.release(part.content()));
    waiting.clear();
  }

  private record Part(Object content, Runnable handling) {}
}
