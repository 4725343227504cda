package dev.limpet.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Short text frames of RFC 6455. */
final class WebSocketFrames {
  private static final int TEXT = 0x1;
  private static final int CLOSE = 0x8;
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;
  private static final int OPCODE = 0x0F;
  private static final int LONG_LENGTH = 126;
  private static final byte[] MASK = {0x12, 0x34, 0x56, 0x78};

  private WebSocketFrames() {}

  /**
   * Returns a frame.
   *
   * @param text up to 125 octets of UTF-8
   * @param isMasked as clients send it
   */
  static byte[] text(String text, boolean isMasked) {
    byte[] payload = text.getBytes(UTF_8);
    if (payload.length >= LONG_LENGTH) {
      throw new IllegalArgumentException(
          "text: " + payload.length + " octets (expected: 0.." + (LONG_LENGTH - 1) + ")");
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(LAST | TEXT);
    frame.write((isMasked ? MASKED : 0) | payload.length);
    if (isMasked) {
      frame.writeBytes(MASK);
      mask(payload, MASK);
    }
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  /**
   * Reads the next text; other frames are skipped. Returns null after a close frame, or if the
   * stream ends between two frames.
   */
  static @Nullable String next(InputStream in) throws IOException {
    for (int first = in.read(); first >= 0; first = in.read()) {
      byte[] payload = payload(in);
      if ((first & OPCODE) == TEXT) {
        return new String(payload, UTF_8);
      }
      if ((first & OPCODE) == CLOSE) {
        return null;
      }
    }
    return null;
  }

  /** Returns the value of {@code Sec-WebSocket-Accept} that answers a key. */
  static String accept(String key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1")
          .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] payload(InputStream in) throws IOException {
    int second = octet(in);
    int length = second & ~MASKED;
    if (length == LONG_LENGTH) {
      length = octet(in) << Byte.SIZE | octet(in);
    }
    byte[] mask = ((second & MASKED) == 0) ? new byte[MASK.length] : exactly(MASK.length, in);
    byte[] payload = exactly(length, in);
    mask(payload, mask);
    return payload;
  }

  private static void mask(byte[] payload, byte[] mask) {
    for (int i = 0; i < payload.length; i++) {
      payload[i] ^= mask[i % mask.length];
    }
  }

  private static int octet(InputStream in) throws IOException {
    return exactly(1, in)[0] & 0xFF;
  }

  private static byte[] exactly(int size, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("frame: cut off (expected: " + size + " more octets)");
    }
    return bytes;
  }
}
