package dev.limpet.examples.gateway.tcp;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;

/** One direction of a TCP connection through the gateway. */
final class TcpPipe {

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
