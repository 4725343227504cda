package dev.limpet.examples.gateway.config;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Bytes that must not be shown. Immutable. */
public final class Secret {
  private final byte[] bytes;

  private Secret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns a secret.
   *
   * @param bytes its bytes; copied
   */
  public static Secret of(byte[] bytes) {
    return new Secret(bytes.clone());
  }

  /** Returns a copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Returns a text without the bytes. */
  @Override
  public String toString() {
    return "hidden";
  }
}
