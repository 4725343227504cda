package dev.limpet.l7;

import java.util.Base64;

/**
 * The parsed value of an LB cookie: when its session was bound and last used, and the backend.
 * Immutable.
 */
abstract sealed class LbToken permits SignedToken, EncryptedToken {
  private final int end;

  LbToken(int end) {
    this.end = end;
  }

  abstract int keyId();

  /** {@return the time when the session was bound, in seconds since 2024-01-01T00:00:00Z} */
  abstract long issuedAt();

  /** {@return the last recorded use of the session, in seconds since 2024-01-01T00:00:00Z} */
  abstract long lastSeen();

  /** {@return the tag of the backend's name under the token's key} */
  abstract long tag();

  /** {@return a random byte that distinguishes sessions that were bound in the same second} */
  abstract int salt();

  /** {@return the whole token} */
  abstract byte[] bytes();

  /**
   * Returns whether a part of a text is this token. If the length is right, the comparison takes
   * the same time for every text.
   */
  abstract boolean is(String text, int from, int to);

  /** Returns whether another token has the same bits. */
  abstract boolean is(LbToken other);

  /** {@return the last 24 bits; in genuine tokens they are random, and nobody can choose them} */
  final int end() {
    return end;
  }

  /** {@return a number that distinguishes the session from others, and never changes} */
  final long session() {
    return issuedAt() << Byte.SIZE | salt();
  }

  /** {@return the cookie's value} */
  final String encoded() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
  }

  /**
   * Returns a text that does not reveal the token, because anyone with the token can use its
   * session.
   */
  @Override
  public final String toString() {
    return "LbToken";
  }
}
