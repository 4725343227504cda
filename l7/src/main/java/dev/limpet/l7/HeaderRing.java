package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Makes and opens the tokens of one field of one pool, with the keys at one moment. Safe for use by
 * many threads at once.
 */
final class HeaderRing {
  /*
   * offset size
   * 0      1   version 3 (high 3 bits) | key id (low 5 bits); authenticated, not encrypted
   * 1      12  nonce, random
   * 13     4   encrypted: issuedAt, in seconds since 2024
   * 17     8   encrypted: tag of the backend's name, of which 56 bits are used
   * 25     n   encrypted: the original value
   * 25+n   16  authentication tag of all that, and of the principal if there is one
   *
   * The cipher is AES-256-GCM, as for encrypted cookies. The keys are derived from the ring when it
   * is made, for this kind of token, field and pool; nothing is derived for a request. The name
   * from which they are derived has a space, so no cookie can have it.
   *
   * The data that is authenticated with a token is empty without a principal. Otherwise it is a
   * byte and the principal's characters, so an empty principal differs from none.
   */

  private static final int VERSION = 3;
  private static final int NUMBERS_BYTES = Integer.BYTES + Long.BYTES;
  private static final int LEAST_BYTES = TokenCipher.MORE_BYTES + NUMBERS_BYTES;
  private static final long LOW_32_BITS = 0xFFFF_FFFFL;
  private static final byte[] NOBODY = {};
  private static final byte SOMEBODY = 1;

  private final TokenLife life;
  private final @Nullable TokenKey[] keys = new TokenKey[CookieKeys.MAX_ID + 1];
  private final TokenKey sealing;

  /**
   * Derives the keys.
   *
   * @param kind the kind of token and the field's name, separated by a space
   * @param pool the pool's name
   */
  HeaderRing(CookieKeys secrets, String kind, String pool, TokenLife life) {
    this.life = life;
    secrets.secrets().forEach((id, secret) -> keys[id] = new TokenKey(id, secret, kind, pool));
    this.sealing = key(secrets.signingId());
  }

  /** {@return the number of characters of the token of a value of some length} */
  static int length(int original) {
    return Base64Url.length(LEAST_BYTES + original);
  }

  /** {@return the token of a session that is bound to a backend now} */
  String seal(
      String original, String backend, @Nullable CharSequence principal, PoolSnapshot pool) {
    return seal(original, backend, principal, pool, life.now());
  }

  /** {@return the token of a session that was bound at an earlier time} */
  String seal(
      String original,
      String backend,
      @Nullable CharSequence principal,
      PoolSnapshot pool,
      long issuedAt) {
    byte[] value = original.getBytes(ISO_8859_1);
    byte[] content = ByteBuffer.allocate(NUMBERS_BYTES + value.length)
        .putInt((int) issuedAt)
        .putLong(sealing.tag(backend, pool))
        .put(value)
        .array();
    byte head = (byte) (VERSION << TokenText.ID_BITS | sealing.id());
    return Base64Url.encode(sealing.cipher().encrypt(head, content, data(principal)));
  }

  /**
   * {@return what the token in a field says}
   *
   * @param principal the client that sent it, if tokens are bound to clients
   */
  HeaderToken open(String text, @Nullable CharSequence principal) {
    byte[] bytes = Base64Url.decode(text);
    if (bytes == null
        || bytes.length < LEAST_BYTES
        || (bytes[0] & 0xFF) >>> TokenText.ID_BITS != VERSION) {
      return HeaderToken.faulty(Reason.MALFORMED);
    }
    TokenKey key = keys[TokenText.keyId(bytes[0])];
    return (key == null)
        ? HeaderToken.faulty(Reason.UNKNOWN_KEY)
        : read(key, key.cipher().decrypt(bytes, data(principal)));
  }

  private HeaderToken read(TokenKey key, byte @Nullable [] content) {
    if (content == null) {
      return HeaderToken.faulty(Reason.FORGED);
    }
    ByteBuffer numbers = ByteBuffer.wrap(content);
    long issuedAt = numbers.getInt() & LOW_32_BITS;
    long tag = numbers.getLong();
    String original =
        new String(content, NUMBERS_BYTES, content.length - NUMBERS_BYTES, ISO_8859_1);
    return HeaderToken.genuine(key, issuedAt, tag, original, life.fault(issuedAt, life.now()));
  }

  private static byte[] data(@Nullable CharSequence principal) {
    if (principal == null) {
      return NOBODY;
    }
    ByteBuffer data =
        ByteBuffer.allocate(1 + principal.length() * Character.BYTES).put(SOMEBODY);
    for (int i = 0; i < principal.length(); i++) {
      data.putChar(principal.charAt(i));
    }
    return data.array();
  }

  private TokenKey key(int id) {
    TokenKey key = keys[id];
    if (key == null) {
      throw new IllegalStateException("key: " + id + " (expected: a key of the ring)");
    }
    return key;
  }
}
