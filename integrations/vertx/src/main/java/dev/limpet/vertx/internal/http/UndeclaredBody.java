package dev.limpet.vertx.internal.http;

import io.netty.channel.EventLoop;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a request of HTTP/2 without a length has a body. For one event loop.
 */
final class UndeclaredBody {
  /*
   * The client tells it by a flag on its header section. Vert.x makes that the end of the request,
   * right after the handler of the request has returned and before it reads anything else. So if
   * the end has not come by the event loop's next task, there is a body, whether some of it has
   * arrived or not.
   */

  private final HttpServerRequest request;
  private final Found found;
  private boolean isFound;

  UndeclaredBody(HttpServerRequest request, Found found) {
    this.request = request;
    this.found = found;
  }

  /** Receives the result once, with the request paused. */
  interface Found {
    /**
     * Handles the result.
     *
     * @param present whether there is a body
     * @param early what has arrived of it; null if nothing has
     */
    void found(boolean present, @Nullable Buffer early);
  }

  void find(EventLoop loop) {
    request.endHandler(end -> tell(false, null)).handler(this::arrived);
    loop.execute(() -> tell(true, null));
  }

  /** A request that made its connection one of HTTP/2 ends with an empty piece. */
  private void arrived(Buffer piece) {
    if (piece.length() > 0) {
      tell(true, piece);
    }
  }

  private void tell(boolean present, @Nullable Buffer early) {
    if (!isFound) {
      isFound = true;
      if (!request.isEnded()) {
        request.pause();
      }
      found.found(present, early);
    }
  }
}
