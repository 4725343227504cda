package dev.limpet.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An HTTP/1.1 client on raw sockets, with a cookie jar. It opens a connection for each request and
 * leaves it open until the client is closed, because a proxy must close a route with its response
 * and not with the client's connection. Not for use by several threads at once.
 */
public final class RawClient implements Closeable {
  private final int port;
  private final Duration patience;
  private final Map<String, String> cookies = new LinkedHashMap<>();
  private final List<RawConnection> connections = new ArrayList<>();

  /**
   * Makes a client without cookies.
   *
   * @param port the proxy's, at the loopback interface
   * @param patience the longest wait for octets of an answer
   */
  public RawClient(int port, Duration patience) {
    this.port = port;
    this.patience = patience;
  }

  /**
   * Sends a GET with the cookies of the jar.
   *
   * @param fields more fields, such as {@link RawBackend#setCookie}
   * @return the answer, whose cookies are in the jar now
   * @throws IOException if it does not come whole, or not in time
   */
  public RawMessage get(String... fields) throws IOException {
    RawConnection connection = connect();
    connection.sendGet(fields);
    return connection.answer();
  }

  /**
   * Sends a POST with the cookies of the jar.
   *
   * @param body the body
   * @param fields more fields
   * @return the answer, whose cookies are in the jar now
   * @throws IOException if it does not come whole, or not in time
   */
  public RawMessage post(byte[] body, String... fields) throws IOException {
    RawConnection connection = connect();
    connection.sendPost(body, fields);
    return connection.answer();
  }

  /**
   * {@return a new connection, which is closed with this client at the latest}
   *
   * @throws IOException if the proxy does not accept it
   */
  public RawConnection connect() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    RawConnection connection = new RawConnection(this, socket);
    connections.add(connection);
    return connection;
  }

  /** {@return the cookies of the jar by their names, in the order in which they were set} */
  public Map<String, String> cookies() {
    return new LinkedHashMap<>(cookies);
  }

  /**
   * Puts a cookie into the jar.
   *
   * @param name the cookie's name
   * @param value the cookie's value
   * @return this client
   */
  public RawClient withCookie(String name, String value) {
    cookies.put(name, value);
    return this;
  }

  /** Closes all connections. */
  @Override
  public void close() throws IOException {
    for (RawConnection connection : connections) {
      connection.close();
    }
  }

  /** Takes an answer's cookies into the jar, or out of it if they have {@code Max-Age=0}. */
  void keep(RawMessage answer) {
    for (String line : answer.fields("Set-Cookie")) {
      String pair = line.split(";", 2)[0];
      String name = pair.split("=", 2)[0].strip();
      if (line.contains("Max-Age=0")) {
        cookies.remove(name);
      } else {
        cookies.put(name, pair.substring(pair.indexOf('=') + 1).strip());
      }
    }
  }

  /** Returns the Cookie field with its line end; empty if the jar is. */
  String cookieField() {
    List<String> pairs = new ArrayList<>();
    cookies.forEach((name, value) -> pairs.add(name + "=" + value));
    return pairs.isEmpty() ? "" : "Cookie: " + String.join("; ", pairs) + "\r\n";
  }
}
