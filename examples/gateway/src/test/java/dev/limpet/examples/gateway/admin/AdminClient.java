package dev.limpet.examples.gateway.admin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Talks to the port for operators by raw sockets. */
final class AdminClient {
  private static final int READ_TIMEOUT_MILLIS = 20_000;

  private final int port;

  AdminClient(int port) {
    this.port = port;
  }

  /** An answer; the body has a char for each byte. */
  record Answer(int status, List<String> lines, String raw) {

    /** The values of a field. */
    List<String> fields(String name) {
      List<String> values = new ArrayList<>();
      for (String line : lines) {
        int colon = line.indexOf(':');
        if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
          values.add(line.substring(colon + 1).strip());
        }
      }
      return values;
    }

    String field(String name) {
      List<String> values = fields(name);
      return (values.size() == 1) ? values.get(0) : null;
    }

    String text() {
      return new String(raw.getBytes(ISO_8859_1), UTF_8);
    }

    JsonObject json() {
      return new JsonObject(text());
    }

    String title() {
      return json().getString("title");
    }
  }

  Socket connect() throws IOException {
    return connect("127.0.0.1");
  }

  /** Connects from an address of this host. */
  Socket connect(String address) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    socket.setSoTimeout(READ_TIMEOUT_MILLIS);
    return socket;
  }

  Answer get(String path, String... fields) throws IOException {
    return send("GET", path, "", fields);
  }

  /** Sends JSON with If-Match: * and more fields. */
  Answer change(String method, String path, String json, String... fields) throws IOException {
    List<String> all = new ArrayList<>(List.of(fields));
    if (all.stream().noneMatch(field -> field.startsWith("If-Match"))) {
      all.add("If-Match: *");
    }
    all.add("Content-Type: application/json");
    return send(method, path, json, all.toArray(String[]::new));
  }

  Answer send(String method, String path, String body, String... fields) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    List<String> all = new ArrayList<>(List.of(fields));
    if (all.stream().noneMatch(field -> field.startsWith("Host:"))) {
      all.add("Host: localhost:" + port);
    }
    if (bytes.length > 0) {
      all.add("Content-Length: " + bytes.length);
    }
    all.add("Connection: close");
    String head = method + ' ' + path + " HTTP/1.1\r\n" + String.join("\r\n", all) + "\r\n\r\n";
    return exchange(head + new String(bytes, ISO_8859_1), method.equals("HEAD"));
  }

  /** Sends a request as it is on the wire, as much as is taken, and reads the answer. */
  Answer exchange(String request, boolean isHead) throws IOException {
    try (Socket socket = connect()) {
      offer(socket, request);
      return read(new BufferedInputStream(socket.getInputStream()), isHead);
    }
  }

  static void offer(Socket socket, String text) throws IOException {
    try {
      socket.getOutputStream().write(text.getBytes(ISO_8859_1));
      socket.getOutputStream().flush();
    } catch (SocketException closed) {
      // the answer is there to be read
    }
  }

  static Answer read(InputStream in, boolean isHead) throws IOException {
    Answer head = head(in);
    if (isHead || head.status() == 304) {
      return head;
    }
    String length = head.field("content-length");
    byte[] body = (length == null) ? in.readAllBytes() : in.readNBytes(Integer.parseInt(length));
    return new Answer(head.status(), head.lines(), new String(body, ISO_8859_1));
  }

  static Answer head(InputStream in) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      lines.add(line);
    }
    return new Answer(Integer.parseInt(lines.get(0).substring(9, 12)), lines, "");
  }

  /** Reads a chunk of a body; null at its end. */
  static String chunk(InputStream in) throws IOException {
    int size = Integer.parseInt(line(in), 16);
    String chunk = new String(in.readNBytes(size), UTF_8);
    line(in);
    return (size == 0) ? null : chunk;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("in a line: " + line.toString(ISO_8859_1));
      }
      line.write(b);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
