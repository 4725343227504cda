package dev.limpet.core.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA256 under one key. Safe for use by many threads at once. */
public final class Hmac {
  /*
   * Each operation works on a clone of a prototype that has the key. So threads share no state and
   * keep none, and neither the algorithm nor the key is looked up again.
   */

  private static final String ALGORITHM = "HmacSHA256";

  private final Mac prototype;

  private Hmac(Mac prototype) {
    this.prototype = prototype;
  }

  public static Hmac of(byte[] key) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return new Hmac(mac);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + ": absent (expected: in every Java runtime)", e);
    }
  }

  /** {@return the 32-byte MAC of the first bytes of the input} */
  public byte[] sign(byte[] input, int length) {
    Mac mac = start();
    mac.update(input, 0, length);
    return mac.doFinal();
  }

  /** {@return the 32-byte MAC of the input} */
  public byte[] sign(byte[] input) {
    return sign(input, input.length);
  }

  /** {@return the 32-byte MAC of texts} Texts that are split differently have different MACs. */
  public byte[] sign(String... texts) {
    Mac mac = start();
    for (String text : texts) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
      mac.update(bytes);
    }
    return mac.doFinal();
  }

  private Mac start() {
    try {
      return (Mac) prototype.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(
          ALGORITHM + " of " + prototype.getProvider()
              + ": not cloneable (expected: cloneable, as the JDK's own)",
          e);
    }
  }
}
