package dev.limpet.l7;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts and decrypts with AES-256-GCM under one key, with a random nonce each time. Safe for use
 * by many threads at once.
 */
final class TokenCipher {
  /*
   * The result of an encryption is one readable byte, the nonce, and the ciphertext followed by the
   * authentication tag. A Cipher cannot be cloned or shared by threads, so each operation gets its
   * own. That happens when a token is made or first seen, not with every request.
   */

  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int CONTENT = 1 + NONCE_BYTES;
  private static final int TAG_BITS = 128;

  /** The number of bytes that an encryption adds to its content. */
  static final int MORE_BYTES = CONTENT + TAG_BITS / Byte.SIZE;

  private static final byte[] NO_DATA = {};

  private final SecretKeySpec key;
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes the cipher of a key.
   *
   * @param key 32 bytes
   */
  TokenCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /** {@return the readable byte, the nonce and the encrypted content} */
  byte[] encrypt(byte head, byte[] content) {
    return encrypt(head, content, NO_DATA);
  }

  /**
   * {@return the readable byte, the nonce and the encrypted content}
   *
   * @param data must be the same for the decryption; not part of the result
   */
  byte[] encrypt(byte head, byte[] content, byte[] data) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] sealed = ByteBuffer.allocate(CONTENT + content.length + TAG_BITS / Byte.SIZE)
        .put(head)
        .put(nonce)
        .array();
    try {
      cipher(Cipher.ENCRYPT_MODE, sealed, data)
          .doFinal(content, 0, content.length, sealed, CONTENT);
      return sealed;
    } catch (GeneralSecurityException e) {
      throw absent(e);
    }
  }

  /** {@return the content; null if it was not encrypted with this key, or any bit has changed} */
  byte @Nullable [] decrypt(byte[] sealed) {
    return decrypt(sealed, NO_DATA);
  }

  /**
   * {@return the content; null if it was not encrypted with this key and this data, or any bit has
   * changed}
   */
  byte @Nullable [] decrypt(byte[] sealed, byte[] data) {
    try {
      return cipher(Cipher.DECRYPT_MODE, sealed, data)
          .doFinal(sealed, CONTENT, sealed.length - CONTENT);
    } catch (AEADBadTagException e) {
      return null;
    } catch (GeneralSecurityException e) {
      throw absent(e);
    }
  }

  private Cipher cipher(int mode, byte[] sealed, byte[] data) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, sealed, 1, NONCE_BYTES));
    cipher.updateAAD(sealed, 0, 1);
    cipher.updateAAD(data);
    return cipher;
  }

  private static IllegalStateException absent(GeneralSecurityException e) {
    return new IllegalStateException(ALGORITHM + ": absent (expected: in every Java runtime)", e);
  }
}
