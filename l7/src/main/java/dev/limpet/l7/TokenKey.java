package dev.limpet.l7;

import dev.limpet.core.PoolSnapshot;
import org.jspecify.annotations.Nullable;

/** A key of the ring, for the tokens of one cookie of one pool. Safe for use by many threads at once. */
final class TokenKey {
  private final int id;
  private final Hmac signer;
  private final Hmac tagger;
  private volatile @Nullable TagIndex index; // whoever loses a race to replace it does so again

  /** Derives the key: a token or tag made with it means nothing for another pool or cookie. */
  TokenKey(int id, byte[] secret, String cookie, String pool) {
    Hmac root = Hmac.of(secret);
    this.id = id;
    this.signer = Hmac.of(root.sign("limpet lb-cookie sign", cookie, pool));
    this.tagger = Hmac.of(root.sign("limpet lb-cookie tag", cookie, pool));
  }

  int id() {
    return id;
  }

  /** {@return a signed token of this key} */
  LbToken token(long issuedAt, long lastSeen, long tag, int salt) {
    return signed(LbToken.of(id, issuedAt, lastSeen, tag, salt));
  }

  /** {@return whether this key signed the token} */
  boolean verifies(LbToken token) {
    return token.is(signed(token));
  }

  /** {@return the tag of a backend's name} */
  long tag(String name, PoolSnapshot pool) {
    Long known = index(pool).tag(name);
    return (known != null) ? known : tag(name);
  }

  /** {@return the members of a snapshot by their tags} */
  TagIndex index(PoolSnapshot pool) {
    TagIndex last = index;
    if (last != null && last.isOf(pool)) {
      return last;
    }
    TagIndex next = TagIndex.of(pool, last, this::tag);
    index = next;
    return next;
  }

  private LbToken signed(LbToken token) {
    return token.signed(signer.sign(token.bytes(), LbToken.SIGNED_BYTES));
  }

  private long tag(String name) {
    byte[] mac = tagger.sign(name);
    long tag = 0;
    for (int i = 0; i < LbToken.TAG_BYTES; i++) {
      tag = tag << Byte.SIZE | (mac[i] & 0xFF);
    }
    return tag;
  }
}
