package dev.limpet.undertow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A backend that closes a connection, which it said to keep, when a second request comes. */
final class DyingBackend implements AutoCloseable {
  private final ServerSocket server = listening();
  private final AtomicInteger accepted = new AtomicInteger();

  DyingBackend() {
    new Thread(this::serve, "dying-backend").start();
  }

  Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", server.getLocalPort());
  }

  int connections() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        accepted.incrementAndGet();
        BufferedReader in =
            new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
        readRequest(in);
        socket
            .getOutputStream()
            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
        readRequest(in);
      } catch (IOException closed) {
        // so goes on or ends
      }
    }
  }

  private static void readRequest(BufferedReader in) throws IOException {
    for (String line = in.readLine(); line != null && !line.isEmpty(); ) {
      line = in.readLine();
    }
  }

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
