package dev.limpet.benchmarks.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A server that answers one request at a time, over all of its connections. */
final class Stub implements AutoCloseable {
  private final ServerSocket server = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
  private final List<Socket> sockets = new ArrayList<>();
  private final Backend backend;
  private int requests;

  /** What the server does. */
  interface Backend {
    /**
     * Returns a response.
     *
     * @param number 0 for the first request
     * @param cookies the Cookie field, or an empty text
     */
    String answer(int number, String cookies) throws InterruptedException;
  }

  Stub(Backend backend) throws IOException {
    this.backend = backend;
    new Thread(this::accept).start();
  }

  static String response(int status, String body, String... fields) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " -\r\n");
    for (String field : fields) {
      head.append(field).append("\r\n");
    }
    return head + "Content-Length: " + body.length() + "\r\n\r\n" + body;
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
  }

  synchronized int connections() {
    return sockets.size();
  }

  @Override
  public synchronized void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        synchronized (this) {
          sockets.add(socket);
        }
        new Thread(() -> serve(socket)).start();
      }
    } catch (IOException e) {
      if (!server.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        BufferedReader in = new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
      String cookies = "";
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("cookie: ")) {
          cookies = line.substring("cookie: ".length());
        } else if (line.isEmpty()) {
          String response = answer(cookies);
          socket.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
          if (response.contains("Connection: close")) {
            return;
          }
          cookies = "";
        }
      }
    } catch (IOException e) {
      // the client has closed the connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized String answer(String cookies) throws InterruptedException {
    return backend.answer(requests++, cookies);
  }
}
