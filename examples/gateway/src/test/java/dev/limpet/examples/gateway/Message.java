package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * An HTTP/1 message as it was on the wire, and its body.
 *
 * @param head the start line and the fields, each line with its end, and the empty line
 */
record Message(String head, String body) {

  /** Reads a request. Null at the end of the stream. */
  static Message request(InputStream in) throws IOException {
    String head = head(in);
    return (head == null) ? null : new Message(head, body(head, in, 0));
  }

  /** Reads a response, to HEAD if it is bodyless. */
  static Message response(InputStream in, boolean bodyless) throws IOException {
    String head = head(in);
    if (head == null) {
      throw new EOFException("no response");
    }
    int status = new Message(head, "").status();
    boolean empty = bodyless || status < 200 || status == 204 || status == 304;
    return new Message(head, empty ? "" : body(head, in, Integer.MAX_VALUE));
  }

  int status() {
    return Integer.parseInt(head.substring(9, 12));
  }

  String startLine() {
    return head.substring(0, head.indexOf('\r'));
  }

  /** The values of a field, in order. */
  List<String> fields(String name) {
    List<String> values = new ArrayList<>();
    for (String line : head.split("\r\n", -1)) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).equalsIgnoreCase(name)) {
        values.add(line.substring(colon + 1).strip());
      }
    }
    return values;
  }

  /** The one value of a field; null if it has none or several. */
  String field(String name) {
    List<String> values = fields(name);
    return (values.size() == 1) ? values.get(0) : null;
  }

  /** Reads up to and with the empty line. Null at the end of the stream. */
  static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      text.append((char) b);
      if (b == '\n' && endsHead(text)) {
        return text.toString();
      }
    }
    return null;
  }

  private static boolean endsHead(StringBuilder text) {
    int end = text.length();
    return end >= 4 && text.lastIndexOf("\r\n\r\n") == end - 4;
  }

  private static String body(String head, InputStream in, int unlimited) throws IOException {
    Message message = new Message(head, "");
    if (message.fields("transfer-encoding").contains("chunked")) {
      return chunks(in);
    }
    String length = message.field("content-length");
    int size = (length == null) ? unlimited : Integer.parseInt(length);
    return new String(in.readNBytes(size), ISO_8859_1);
  }

  private static String chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String size = line(in); !size.equals("0"); size = line(in)) {
      all.write(in.readNBytes(Integer.parseInt(size, 16)));
      line(in);
    }
    while (!line(in).isEmpty()) {
      // a trailer
    }
    return all.toString(ISO_8859_1);
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("in a chunked body: " + text);
      }
      text.append((char) b);
    }
    return text.substring(0, text.length() - 1);
  }
}
