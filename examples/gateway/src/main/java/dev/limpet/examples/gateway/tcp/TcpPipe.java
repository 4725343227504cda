package dev.limpet.examples.gateway.tcp;

import dev.limpet.examples.gateway.net.BackendEnd;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** One direction of a TCP connection through the gateway. */
final class TcpPipe {
  /*
   * A paused NetSocket tells its close handler at once that it is closed, and its end handler when
   * it is resumed. The backend may never read again, so the client's close resumes it; the
   * backend's close need not resume the backend: the client gets what is left in its own time, and
   * the backend's lease is over.
   */

  private final NetSocket from;
  private final NetSocket to;
  private boolean ended; // event loop of the client's connection, as the other pipe's

  private TcpPipe(NetSocket from, NetSocket to) {
    this.from = from;
    this.to = to;
  }

  /** Starts both directions; both sockets are paused and run on one event loop. */
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

  /** Passes on what is left of a connection that is closed, unless both directions have ended. */
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
