package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 message as it was on the wire, and its body. Immutable. */
public final class RawMessage {
  private static final String LINE_END = "\r\n";
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final int FIRST_FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  private final String head;
  private final byte[] body;

  private RawMessage(String head, byte[] body) {
    this.head = head;
    this.body = body;
  }

  /** Returns a message without a body. */
  static RawMessage ofHead(String head) {
    return new RawMessage(head, new byte[0]);
  }

  /** Reads a request. Returns null if the stream ends before it begins. */
  static @Nullable RawMessage request(InputStream in) throws IOException {
    String head = head(in);
    return (head == null) ? null : new RawMessage(head, body(ofHead(head), in, 0));
  }

  /**
   * Reads the body of a response whose head was read.
   *
   * @throws EOFException if it is cut off
   */
  static RawMessage response(RawMessage head, InputStream in) throws IOException {
    return new RawMessage(
        head.head, head.isBodyless() ? head.body : body(head, in, Integer.MAX_VALUE));
  }

  /**
   * Reads the head of a response.
   *
   * @throws EOFException if the stream ends before it does
   */
  static RawMessage responseHead(InputStream in) throws IOException {
    String head = head(in);
    if (head == null) {
      throw new EOFException("response: nothing (expected: a head)");
    }
    return ofHead(head);
  }

  /** {@return the start line and the fields, each line with its end, and the empty line} */
  public String head() {
    return head;
  }

  /** {@return the first line, without its end} */
  public String startLine() {
    return head.substring(0, head.indexOf(LINE_END));
  }

  /** {@return the status code, if this is a response} */
  public int status() {
    return Integer.parseInt(head.substring(STATUS_AT, STATUS_AT + 3));
  }

  /**
   * {@return the values of a field, one for each line, in order}
   *
   * @param name the field's name, in any case
   */
  public List<String> fields(String name) {
    List<String> values = new ArrayList<>();
    for (String line : head.split(LINE_END, -1)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
        values.add(line.substring(colon + 1).strip());
      }
    }
    return values;
  }

  /**
   * {@return the only value of a field; null if it has none or several}
   *
   * @param name the field's name, in any case
   */
  public @Nullable String field(String name) {
    List<String> values = fields(name);
    return (values.size() == 1) ? values.get(0) : null;
  }

  /** {@return a copy of the body, without its framing; empty if absent} */
  public byte[] body() {
    return body.clone();
  }

  /** {@return the body, a character for each octet} */
  public String text() {
    return new String(body, ISO_8859_1);
  }

  /** {@return whether this asks for a WebSocket, or grants one} */
  boolean isWebSocket() {
    return "websocket".equalsIgnoreCase(field("Upgrade"));
  }

  /** {@return the head} */
  @Override
  public String toString() {
    return head;
  }

  private boolean isBodyless() {
    int status = status();
    return status < FIRST_FINAL || status == NO_CONTENT || status == NOT_MODIFIED;
  }

  private static @Nullable String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      text.append((char) b);
      if (b == '\n' && text.lastIndexOf("\r\n\r\n") == text.length() - 4) {
        return text.toString();
      }
    }
    return null;
  }

  private static byte[] body(RawMessage head, InputStream in, int unframed) throws IOException {
    if ("chunked".equalsIgnoreCase(head.field("Transfer-Encoding"))) {
      return chunks(in);
    }
    String length = head.field("Content-Length");
    return (length == null) ? in.readNBytes(unframed) : exactly(Integer.parseInt(length), in);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = chunkSize(in); size > 0; size = chunkSize(in)) {
      all.write(exactly(size, in));
      line(in);
    }
    while (!line(in).isEmpty()) {
      // a trailer
    }
    return all.toByteArray();
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
  }

  private static byte[] exactly(int size, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("body: " + bytes.length + " bytes (expected: " + size + ")");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("chunk: \"" + text + "\" (expected: a whole line)");
      }
      text.append((char) b);
    }
    return text.substring(0, text.length() - 1);
  }
}
