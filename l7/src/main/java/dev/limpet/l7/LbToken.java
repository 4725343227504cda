package dev.limpet.l7;

import java.util.Base64;

/**
 * The value of an LB cookie, taken apart: when its session was bound, when it was used, and to
 * whom. Immutable.
 */
abstract sealed class LbToken permits SignedToken, EncryptedToken {
  private final int end;

  LbToken(int end) {
    this.end = end;
  }

  abstract int keyId();

  /** {@return when the session was bound, in seconds since 2024-01-01T00:00:00Z} */
  abstract long issuedAt();

  /** {@return when the session was last recorded to be used, same unit} */
  abstract long lastSeen();

  /** {@return the backend's tag under the token's key} */
  abstract long tag();

  /** {@return a random byte that tells the session from others of the same second} */
  abstract int salt();

  /** {@return the whole token} */
  abstract byte[] bytes();

  /**
   * {@return whether a part of a text is this token; takes as long whether it is or not, if the
   * length is right}
   */
  abstract boolean is(String text, int from, int to);

  /** {@return whether the other is the same in every bit} */
  abstract boolean is(LbToken other);

  /** {@return the last 24 bits: of genuine tokens, random ones that nobody chooses} */
  final int end() {
    return end;
  }

  /**
   * {@return a number that tells the session from others, and stays the same as long as it lives}
   */
  final long session() {
    return issuedAt() << Byte.SIZE | salt();
  }

  /** {@return the cookie's value} */
  final String encoded() {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
  }

  /** Says nothing of the token: who has it has the session. */
  @Override
  public final String toString() {
    return "LbToken";
  }
}
