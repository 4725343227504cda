package dev.limpet.testkit;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Reads what a client sends to a {@link RawProxy}, on a thread of its own, so that it sees at once
 * that the client is gone.
 */
final class ClientReader {
  private final InputStream in;
  private final BlockingQueue<Optional<RawMessage>> requests = new LinkedBlockingQueue<>();
  private final CompletableFuture<Socket> tunnel = new CompletableFuture<>();
  private Closeable toClose = () -> {};
  private boolean isGone;

  ClientReader(Socket client) throws IOException {
    in = new BufferedInputStream(client.getInputStream());
    Thread thread = new Thread(this::read, "client reader");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns the next request; null if the client is gone. */
  RawMessage next() throws InterruptedException {
    return requests.take().orElse(null);
  }

  /** Closes a connection to a backend when the client is gone. */
  synchronized void closeWithClient(Closeable connection) throws IOException {
    toClose = connection;
    if (isGone) {
      connection.close();
    }
  }

  /** Passes on to a backend what comes after a handshake. */
  void openTunnel(Socket backend) {
    tunnel.complete(backend);
  }

  private void read() {
    try (this.in) {
      RawMessage request = RawMessage.request(in);
      while (request != null) {
        requests.add(Optional.of(request));
        if (request.isWebSocket()) {
          in.transferTo(tunnel.join().getOutputStream());
        }
        request = RawMessage.request(in);
      }
    } catch (IOException gone) {
      // as if it had ended
    } finally {
      end();
      requests.add(Optional.empty());
    }
  }

  private synchronized void end() {
    isGone = true;
    try {
      toClose.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
