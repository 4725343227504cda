package dev.limpet.l7;

import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.internal.Hmac;
import org.jspecify.annotations.Nullable;

/**
 * A key of the ring, for the tokens of one cookie of one pool. Safe for use by many threads at
 * once.
 */
final class TokenKey {
  private final int id;
  private final Hmac signer;
  private final Hmac tagger;
  private final TokenCipher cipher;
  private volatile @Nullable TagIndex index; // a lost update is made again

  /** Derives the key. Tokens and tags that it makes are not valid for another pool or cookie. */
  TokenKey(int id, byte[] secret, String cookie, String pool) {
    Hmac root = Hmac.of(secret);
    this.id = id;
    this.signer = Hmac.of(root.sign("limpet lb-cookie sign", cookie, pool));
    this.tagger = Hmac.of(root.sign("limpet lb-cookie tag", cookie, pool));
    this.cipher = new TokenCipher(root.sign("limpet lb-cookie encrypt", cookie, pool));
  }

  int id() {
    return id;
  }

  /** {@return a signed token, which anyone can read} */
  LbToken signed(long issuedAt, long lastSeen, long tag, int salt) {
    return signed(SignedToken.of(id, issuedAt, lastSeen, tag, salt));
  }

  /** {@return an encrypted token, which can be read only with this key} */
  LbToken encrypted(long issuedAt, long lastSeen, long tag, int salt) {
    return EncryptedToken.of(cipher, id, issuedAt, lastSeen, tag, salt);
  }

  /** {@return the cipher of this key, for tokens of other content} */
  TokenCipher cipher() {
    return cipher;
  }

  /**
   * {@return the token in a part of a text that has the format of one; null if this key did not
   * make it}
   */
  @Nullable
  LbToken read(String text, int from, int to) {
    return (to - from == TokenText.ENCRYPTED_LENGTH)
        ? EncryptedToken.read(cipher, text, from, to)
        : verified(SignedToken.read(text, from));
  }

  /** {@return the tag of a backend's name} */
  long tag(String name, PoolSnapshot pool) {
    Long known = index(pool).tag(name);
    return (known != null) ? known : tag(name);
  }

  /** {@return the index of a snapshot's members by their tags} */
  TagIndex index(PoolSnapshot pool) {
    TagIndex last = index;
    if (last != null && last.isOf(pool)) {
      return last;
    }
    TagIndex next = TagIndex.of(pool, last, this::tag);
    index = next;
    return next;
  }

  private @Nullable LbToken verified(SignedToken token) {
    return token.is(signed(token)) ? token : null;
  }

  private SignedToken signed(SignedToken token) {
    return token.signed(signer.sign(token.bytes(), SignedToken.SIGNED_BYTES));
  }

  private long tag(String name) {
    byte[] mac = tagger.sign(name);
    long tag = 0;
    for (int i = 0; i < SignedToken.TAG_BYTES; i++) {
      tag = tag << Byte.SIZE | (mac[i] & 0xFF);
    }
    return tag;
  }
}
