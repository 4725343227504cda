package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Frames of HTTP/2 as text, a character an octet. */
final class Http2Frames {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int GOAWAY = 7;

  /** What a client begins with. */
  static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + frame(4, 0, 0, "");

  /** GET, http, /, and the authority a: as HPACK spells them. */
  static final String GET_ROOT = "\u0082\u0086\u0084\1\1a";

  private static final int HEAD = 9;
  private static final int END_OF_HEADERS_AND_STREAM = 5;

  private Http2Frames() {}

  static String frame(int type, int flags, int stream, String payload) {
    return "\0\0" + (char) payload.length() + (char) type + (char) flags + "\0\0\0" + (char) stream
        + payload;
  }

  /** A request without a body. */
  static String get(int stream, String... fields) {
    return frame(HEADERS, END_OF_HEADERS_AND_STREAM, stream, GET_ROOT + String.join("", fields));
  }

  /** A field as HPACK spells one that it does not know. */
  static String field(String name, String value) {
    return "\0" + (char) name.length() + name + (char) value.length() + value;
  }

  /** Reads until a frame of a type has come, and returns its payload. */
  static String await(InputStream in, int type) throws IOException {
    while (true) {
      byte[] head = in.readNBytes(HEAD);
      if (head.length < HEAD) {
        throw new EOFException("no frame of type " + type);
      }
      int length = ByteBuffer.wrap(head).getInt() >>> Byte.SIZE;
      byte[] payload = in.readNBytes(length);
      if (head[3] == type) {
        return new String(payload, ISO_8859_1);
      }
    }
  }
}
