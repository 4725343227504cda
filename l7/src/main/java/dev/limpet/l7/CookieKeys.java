package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an LB cookie: a ring of keys, each known by a number. One signs new tokens; the others
 * only verify tokens that were signed before. Proxies that share a ring accept each other's tokens.
 * Immutable.
 *
 * <p>To replace a secret without losing a session, give every proxy the new one as {@link
 * Builder#verifyOnly}, then as {@link Builder#signing} and the old one as verify-only, and drop the old one
 * when the stickiness duration has passed. {@link LbCookieAffinity#rotate} changes the ring at run time.
 */
public final class CookieKeys {

  /** The shortest secret: 32 bytes. */
  public static final int MIN_SECRET_BYTES = 32;

  /** The highest number of a key: 31. */
  public static final int MAX_ID = 31;

  private final int signingId;
  private final Map<Integer, byte[]> secrets;

  private CookieKeys(int signingId, Map<Integer, byte[]> secrets) {
    this.signingId = signingId;
    this.secrets = secrets;
  }

  /**
   * {@return a ring of one key with a random secret: no other process, nor this one after a restart, accepts
   * the tokens it signs}
   */
  public static CookieKeys random() {
    byte[] secret = new byte[MIN_SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return builder().signing(0, secret).build();
  }

  /** {@return a builder of a ring without keys} */
  public static Builder builder() {
    return new Builder();
  }

  /** {@return the numbers of the keys, and nothing of their secrets} */
  @Override
  public String toString() {
    String ids = secrets.keySet().stream()
        .map(id -> (id == signingId) ? id + " signing" : String.valueOf(id))
        .collect(Collectors.joining(", ", "[", "]"));
    return "CookieKeys" + ids;
  }

  int signingId() {
    return signingId;
  }

  /** The secrets by number, not to be changed. */
  Map<Integer, byte[]> secrets() {
    return secrets;
  }

  /** Collects the keys of a ring. For one thread. */
  public static final class Builder {
    private final Map<Integer, byte[]> secrets = new TreeMap<>();
    private final Faults faults = new Faults();
    private @Nullable Integer signingId;

    private Builder() {}

    /**
     * Adds the key that signs new tokens, and verifies them. There is exactly one.
     *
     * @param id its number, 0..31
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess; copied
     * @return this builder
     */
    public Builder signing(int id, byte[] secret) {
      if (signingId != null) {
        faults.add("signing", id, "one signing key; " + signingId + " is one");
      }
      signingId = id;
      return add(id, secret);
    }

    /**
     * Adds a key that verifies tokens and signs none.
     *
     * @param id its number, 0..31
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess; copied
     * @return this builder
     */
    public Builder verifyOnly(int id, byte[] secret) {
      return add(id, secret);
    }

    /**
     * {@return the ring}
     *
     * @throws IllegalArgumentException if a number is out of range or used twice, a secret is too short, or
     *     there is not exactly one signing key; the message names all faults and no secret
     */
    public CookieKeys build() {
      Integer signing = signingId;
      Faults all = new Faults().addAll(faults);
      if (signing == null) {
        all.add("signing", "absent", "one signing key");
      }
      all.refuse();
      return new CookieKeys(requireNonNull(signing), new TreeMap<>(secrets));
    }

    private Builder add(int id, byte[] secret) {
      if (id < 0 || id > MAX_ID) {
        faults.add("id", id, "0.." + MAX_ID);
      }
      if (secret.length < MIN_SECRET_BYTES) {
        faults.add("secret of key " + id, secret.length + " bytes", MIN_SECRET_BYTES + " or more");
      }
      if (secrets.put(id, secret.clone()) != null) {
        faults.add("id", id, "another number for each key");
      }
      return this;
    }
  }
}
