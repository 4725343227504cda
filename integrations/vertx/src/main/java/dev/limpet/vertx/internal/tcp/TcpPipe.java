package dev.limpet.vertx.internal.tcp;

import dev.limpet.vertx.internal.net.BackendEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** One direction of a TCP connection through the proxy. */
final class TcpPipe {
  /*
   * When a paused NetSocket closes, its close handler is called at once, but its end handler only
   * after it is resumed. If the client closes, its socket is resumed here, because the backend may
   * never read again. If the backend closes, its socket need not be resumed: the client receives
   * the remaining data in its own time, and the backend's connection is no longer counted.
   */

  private final NetSocket from;
  private final NetSocket to;
  private boolean ended; // on the event loop of the client's connection, as in the other pipe

  private TcpPipe(NetSocket from, NetSocket to) {
    this.from = from;
    this.to = to;
  }

  /** Starts both directions. Both sockets must be paused and run on the same event loop. */
  static void join(NetSocket client, NetSocket backend) {
    TcpPipe up = new TcpPipe(client, backend);
    TcpPipe down = new TcpPipe(backend, client);
    client.closeHandler(closed -> up.finish(down));
    up.start(down);
    down.start(up);
  }

  private void start(TcpPipe back) {
    from.handler(data -> pass(data, back));
    from.endHandler(closed -> to.close());
    from.exceptionHandler(fault -> from.close());
    to.drainHandler(drained -> from.resume());
    from.resume();
  }

  /** Passes on the remaining data of a closed connection, unless both directions have ended. */
  private void finish(TcpPipe back) {
    if (!(ended && back.ended)) {
      from.handler(to::write);
      from.resume();
      BackendEnd.of(to).closeSoon();
    }
  }

  private void pass(Buffer data, TcpPipe back) {
    if (data.length() == 0) {
      end(back);
      return;
    }
    to.write(data);
    if (to.writeQueueFull()) {
      from.pause();
    }
  }

  private void end(TcpPipe back) {
    ended = true;
    if (back.ended) {
      from.close();
      to.close();
    } else {
      HalfClose.shutdownOutput(to);
    }
  }
}
