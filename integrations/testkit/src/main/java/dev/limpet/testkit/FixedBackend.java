package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.Backend;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A backend on raw sockets that sends the same octets after the head of every request, whether they
 * are an HTTP response or not. It keeps its connections. For use by any thread.
 */
public final class FixedBackend implements AutoCloseable {
  private final ServerSocket server = listening();
  private final String answer;

  /**
   * Starts a backend at a free port of the loopback interface.
   *
   * @param answer the octets, one for each character; empty to close the connection instead
   */
  public FixedBackend(String answer) {
    this.answer = answer;
    start(this::serve);
  }

  /**
   * {@return the backend for a pool}
   *
   * @param id its id
   */
  public Backend backend(String id) {
    return Backend.of(id, "127.0.0.1", server.getLocalPort());
  }

  /** Accepts no more connections. */
  @Override
  public void close() throws IOException {
    server.close();
  }

  private void serve() {
    while (!server.isClosed()) {
      try {
        Socket accepted = server.accept();
        start(() -> serve(accepted));
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

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "fixed backend");
    thread.setDaemon(true);
    thread.start();
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
