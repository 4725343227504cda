package dev.limpet.examples.gateway;

import io.netty.util.NetUtil;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** A client with a cookie jar, and connections of raw sockets. */
final class Client {
  private static final int READ_TIMEOUT_MILLIS = 8000;

  private final int port;
  private final String address;
  private final Map<String, String> jar = new LinkedHashMap<>();

  Client(int port) {
    this(port, "127.0.0.1");
  }

  /** A client whose connections come from an address of this host. */
  Client(int port, String address) {
    this.port = port;
    this.address = address;
  }

  /** The same user, at another port. */
  Client at(int otherPort) {
    Client moved = new Client(otherPort, address);
    moved.jar.putAll(jar);
    return moved;
  }

  /** Another user at the same address. */
  Client other() {
    return new Client(port, address);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(NetUtil.createInetAddressFromIpAddressString(address), 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Sends text, and returns what comes until the end of the stream or a reset. */
  String exchange(String text) throws IOException {
    try (Socket socket = connect()) {
      offer(socket, text);
      return allUntilReset(socket);
    }
  }

  /** What comes until the end of the stream. */
  static String all(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** What comes until the end of the stream or a reset. */
  static String allUntilReset(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      socket.getInputStream().transferTo(all);
    } catch (SocketException reset) {
      // what came before counts
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** The body of the answer to a request with the cookies of the jar. */
  String body() throws IOException {
    return get().body();
  }

  /** Sends a request with the cookies of the jar and more fields. */
  Message get(String... fields) throws IOException {
    return send("GET", fields);
  }

  Message send(String method, String... fields) throws IOException {
    return send(method, "", fields);
  }

  Message post(String body) throws IOException {
    return send("POST", body, new String[] {"Content-Length: " + body.length()});
  }

  private Message send(String method, String body, String[] fields) throws IOException {
    try (Socket socket = connect()) {
      offer(
          socket,
          method + " / HTTP/1.1\r\nHost: site\r\n" + cookieField() + fieldLines(fields)
              + "Connection: close\r\n\r\n" + body);
      return keep(response(socket, method));
    }
  }

  /**
   * Sends text, as much as is taken: the answer may come, and the connection be closed, before its
   * end.
   */
  private static void offer(Socket socket, String text) throws IOException {
    try {
      TestBackend.say(socket, text);
    } catch (SocketException closed) {
      // the answer is there to be read
    }
  }

  static Message response(Socket socket, String method) throws IOException {
    return Message.response(
        new BufferedInputStream(socket.getInputStream()), method.equals("HEAD"));
  }

  /** Takes the cookies of a response into the jar. */
  Message keep(Message response) {
    for (String field : response.fields("set-cookie")) {
      String pair = field.split(";", 2)[0];
      String name = pair.substring(0, pair.indexOf('='));
      if (field.contains("Max-Age=0")) {
        jar.remove(name);
      } else {
        jar.put(name, pair.substring(name.length() + 1));
      }
    }
    return response;
  }

  /** The value of a cookie in the jar; null if it is not there. */
  String cookie(String name) {
    return jar.get(name);
  }

  Client withCookie(String name, String value) {
    jar.put(name, value);
    return this;
  }

  /** The Cookie field with all cookies of the jar and its line end; empty if there are none. */
  String cookieField() {
    return jar.isEmpty()
        ? ""
        : jar.entrySet().stream()
            .map(cookie -> cookie.getKey() + '=' + cookie.getValue())
            .collect(Collectors.joining("; ", "Cookie: ", "\r\n"));
  }

  private static String fieldLines(String... fields) {
    return Arrays.stream(fields).map(field -> field + "\r\n").collect(Collectors.joining());
  }
}
