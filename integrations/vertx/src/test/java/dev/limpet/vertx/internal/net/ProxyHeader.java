package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The bytes of PROXY headers. */
final class ProxyHeader {
  static final byte[] V4 = {1, 2, 3, 4, 5, 6, 7, 8, 3, (byte) 232, 0, 80};

  private static final byte[] SIGNATURE = {13, 10, 13, 10, 0, 13, 10, 'Q', 'U', 'I', 'T', 10};

  private ProxyHeader() {}

  static byte[] v1(String header) {
    return ("PROXY " + header + "\r\n").getBytes(ISO_8859_1);
  }

  static byte[] v2(int command, int family, byte... body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(SIGNATURE);
    out.write(command);
    out.write(family);
    out.write(body.length >> 8);
    out.write(body.length);
    out.write(body);
    return out.toByteArray();
  }

  static byte[] tlv(int type, byte... value) throws IOException {
    byte[] head = {(byte) type, (byte) (value.length >> 8), (byte) value.length};
    return concat(head, value);
  }

  /** A header with a TLV of TLS that holds another, and so on. */
  static byte[] nested(int levels) throws IOException {
    byte[] tlvs = {};
    for (int level = 0; level < levels; level++) {
      tlvs = tlv(0x20, concat(new byte[5], tlvs));
    }
    return v2(0x21, 0x11, concat(V4, tlvs));
  }

  static byte[] v6(int lastByte) {
    byte[] body = new byte[36];
    body[15] = (byte) lastByte;
    body[31] = 1;
    return body;
  }

  static byte[] concat(byte[] one, byte[] two) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(one);
    out.write(two);
    return out.toByteArray();
  }
}
