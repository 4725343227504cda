package dev.limpet.l7;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A token that can be made and read only with a key. Immutable. */
final class EncryptedToken extends LbToken {
  /*
   * offset size
   * 0      1   version 2 (high 3 bits) | key id (low 5 bits); authenticated, not encrypted
   * 1      12  nonce, random
   * 13     16  encrypted: issuedAt 4, lastSeen 4, backend tag 7, salt 1, as in a signed token
   * 29     16  authentication tag of all that
   *
   * The cipher is AES-256-GCM. Each token has its own nonce, so two tokens of one backend or
   * session have only the first byte in common. Nonces are random because proxies that share a key
   * share no counter. NIST SP 800-38D, section 8.3, allows 2^32 of them under one key; the
   * probability that any two are equal is then 2^-33.
   */

  static final int VERSION = 2;

  private static final int CONTENT_BYTES = 16;
  private static final int GROUP_BYTES = 3;
  private static final long LOW_32_BITS = 0xFFFF_FFFFL;

  private final byte[] bytes;
  private final long times;
  private final long tagAndSalt;

  private EncryptedToken(byte[] bytes, long times, long tagAndSalt) {
    super(three(bytes, bytes.length - GROUP_BYTES));
    this.bytes = bytes;
    this.times = times;
    this.tagAndSalt = tagAndSalt;
  }

  /** {@return a new token} */
  static EncryptedToken of(
      TokenCipher cipher, int keyId, long issuedAt, long lastSeen, long tag, int salt) {
    long times = issuedAt << Integer.SIZE | lastSeen;
    long tagAndSalt = tag << Byte.SIZE | salt;
    byte[] content =
        ByteBuffer.allocate(CONTENT_BYTES).putLong(times).putLong(tagAndSalt).array();
    byte head = (byte) (VERSION << TokenText.ID_BITS | keyId);
    return new EncryptedToken(cipher.encrypt(head, content), times, tagAndSalt);
  }

  /**
   * {@return the token in a part of a text that has the format of one; null if it is not genuine}
   */
  static @Nullable EncryptedToken read(TokenCipher cipher, String text, int from, int to) {
    byte[] bytes = Base64.getUrlDecoder().decode(text.substring(from, to));
    byte[] content = cipher.decrypt(bytes);
    if (content == null) {
      return null;
    }
    ByteBuffer numbers = ByteBuffer.wrap(content);
    return new EncryptedToken(bytes, numbers.getLong(), numbers.getLong());
  }

  @Override
  int keyId() {
    return TokenText.keyId(bytes[0]);
  }

  @Override
  long issuedAt() {
    return times >>> Integer.SIZE;
  }

  @Override
  long lastSeen() {
    return times & LOW_32_BITS;
  }

  @Override
  long tag() {
    return tagAndSalt >>> Byte.SIZE;
  }

  @Override
  int salt() {
    return (int) tagAndSalt & 0xFF;
  }

  @Override
  boolean is(LbToken other) {
    return other instanceof EncryptedToken that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  boolean is(String text, int from, int to) {
    if (to - from != TokenText.ENCRYPTED_LENGTH) {
      return false;
    }
    int difference = 0;
    for (int i = 0; i < bytes.length; i += GROUP_BYTES) {
      difference |=
          three(bytes, i) ^ TokenText.four(text, from + i / GROUP_BYTES * TokenText.GROUP);
    }
    return difference == 0;
  }

  @Override
  byte[] bytes() {
    return bytes.clone();
  }

  private static int three(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 16 | (bytes[at + 1] & 0xFF) << 8 | (bytes[at + 2] & 0xFF);
  }
}
