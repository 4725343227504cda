package dev.limpet.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** A script that Redis runs atomically, and the digest by which Redis identifies it. Immutable. */
final class Script {
  static final Script BIND = read("stored.lua", "bind.lua");
  static final Script UNBIND = read("stored.lua", "unbind.lua");

  private final byte[] text;
  private final byte[] digest;

  private Script(byte[] text) {
    this.text = text;
    this.digest = HexFormat.of().formatHex(sha1(text)).getBytes(StandardCharsets.US_ASCII);
  }

  /** {@return the argument of EVAL} */
  byte[] text() {
    return text;
  }

  /** {@return the argument of EVALSHA} */
  byte[] digest() {
    return digest;
  }

  private static Script read(String... parts) {
    StringBuilder text = new StringBuilder();
    for (String part : parts) {
      text.append(read(part));
    }
    return new Script(text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  private static String read(String part) {
    try (InputStream in = Script.class.getResourceAsStream(part)) {
      if (in == null) {
        throw new IllegalStateException(part + ": absent (expected: beside " + Script.class + ")");
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] sha1(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("SHA-1: absent (expected: in every Java runtime)", e);
    }
  }
}
