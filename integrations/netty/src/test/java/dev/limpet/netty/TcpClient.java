package dev.limpet.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A connection to a proxy from an address of its own. */
final class TcpClient implements Closeable {
  private static final Pattern BACKEND = Pattern.compile("Kit-Backend: (\\S+)");

  private final Socket socket = new Socket();

  /**
   * Connects to a proxy.
   *
   * @param host the last number of the client's address, such as 7 for 127.0.0.7
   */
  TcpClient(int host, int port) throws IOException {
    socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + host), 0));
    socket.setSoTimeout((int) Wait.PATIENCE.toMillis());
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  /** Asks a raw backend for an answer. */
  static String get(String... fields) {
    return "GET / HTTP/1.1\r\nHost: site\r\n" + lines(fields) + "\r\n";
  }

  static String post(String body, String... fields) {
    return "POST / HTTP/1.1\r\nHost: site\r\nContent-Length: " + body.length() + "\r\n"
        + lines(fields) + "\r\n" + body;
  }

  private static String lines(String... fields) {
    return (fields.length == 0) ? "" : String.join("\r\n", fields) + "\r\n";
  }

  TcpClient send(String text) throws IOException {
    return send(text.getBytes(ISO_8859_1));
  }

  TcpClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Ends the client's output; its input stays open. */
  TcpClient end() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Reads to the end. */
  String all() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
  }

  byte[] read(int size) throws IOException {
    return socket.getInputStream().readNBytes(size);
  }

  /** Sends a request, reads to the end, and returns the id of the backend that answered. */
  String ask(String request) throws IOException {
    return backend(send(request).all());
  }

  /** Returns the id of the backend that answered; "none" if there is no answer. */
  static String backend(String answer) {
    Matcher found = BACKEND.matcher(answer);
    return found.find() ? found.group(1) : "none";
  }

  /** Leaves by a FIN. */
  void leave() throws IOException {
    socket.shutdownOutput();
    socket.close();
  }

  /** Leaves by a RST. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
