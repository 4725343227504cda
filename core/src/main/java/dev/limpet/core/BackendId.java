package dev.limpet.core;

import dev.limpet.core.internal.PercentEncoding;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Makes a backend's id from any text. */
final class BackendId {
  private static final String ALGORITHM = "SHA-256";
  private static final int HASH_LENGTH = 64;
  private static final int ESCAPE_LENGTH = 3;

  /** Cannot occur in an encoded text, so no short text has the id of a long one. */
  private static final String BEFORE_HASH = "%~";

  private BackendId() {}

  /** {@return the id for a text, which must not be empty} */
  static String of(String text) {
    byte[] octets = PercentEncoding.utf8(text);
    String encoded = PercentEncoding.encoded(octets, BackendId::stays);
    return (encoded.length() <= Backend.MAX_ID_LENGTH) ? encoded : shortened(encoded, octets);
  }

  private static boolean stays(int c) {
    return c != '%' && Backend.isNameChar(c);
  }

  private static String shortened(String encoded, byte[] octets) {
    int end = Backend.MAX_ID_LENGTH - BEFORE_HASH.length() - HASH_LENGTH;
    int escape = encoded.lastIndexOf('%', end - 1);
    boolean cutsEscape = escape >= 0 && escape > end - ESCAPE_LENGTH;
    return encoded.substring(0, cutsEscape ? escape : end) + BEFORE_HASH + hash(octets);
  }

  private static String hash(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(ALGORITHM).digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(ALGORITHM + ": absent (expected: in every Java runtime)", e);
    }
  }
}
