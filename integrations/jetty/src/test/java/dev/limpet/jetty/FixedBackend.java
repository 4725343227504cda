package dev.limpet.jetty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** A backend that gives the same answer to the head of every request. */
final class FixedBackend implements AutoCloseable {
  private final ServerSocket server = listening();
  private final String answer;

  /**
   * Starts a backend.
   *
   * @param answer the octets; empty to close the connection instead
   */
  FixedBackend(String answer) {
    this.answer = answer;
    new Thread(this::serve, "fixed-backend").start();
  }

  Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", server.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket accepted = server.accept();
        new Thread(() -> serve(accepted), "fixed-backend").start();
      } catch (IOException closed) {
        // so ends
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = accepted) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      while (hasHead(in) && !answer.isEmpty()) {
        socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
      }
    } catch (IOException closed) {
      // by the proxy
    }
  }

  private static boolean hasHead(BufferedReader in) throws IOException {
    String line = in.readLine();
    while (line != null && !line.isEmpty()) {
      line = in.readLine();
    }
    return line != null;
  }

  private static ServerSocket listening() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
