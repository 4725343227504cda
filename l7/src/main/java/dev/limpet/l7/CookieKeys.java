package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an LB cookie: a ring of keys, each known by a number. One signs new tokens; the
 * others only verify tokens that were signed before. Proxies that share a ring accept each other's
 * tokens. Immutable.
 *
 * <p>To replace a secret without losing a session, take three steps, each at all proxies before the
 * next: {@link #with} the new key, {@link #signingBy} it, and {@link #without} the old one when the
 * tokens that it signed are dead: after the stickiness duration, the refresh threshold and a minute
 * for clocks that differ. {@link LbCookieAffinity#rotate} changes the ring at run time.
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
   * {@return a ring of one key with a random secret: no other process, nor this one after a
   * restart, accepts the tokens it signs}
   */
  public static CookieKeys random() {
    byte[] secret = new byte[MIN_SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return builder().signing(0, secret).build();
  }

  /**
   * {@return a ring of one key, number 0, that follows from an environment's secret} To replace it
   * later, add keys to this ring, and sign by them.
   *
   * @param environment of the same secret at all proxies
   */
  public static CookieKeys of(Environment environment) {
    return builder().signing(0, environment.secret("limpet lb-cookie")).build();
  }

  /** {@return a builder of a ring without keys} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return a ring that also verifies tokens of another key: what every proxy needs before the
   * first one signs by it}
   *
   * @param id the key's number, 0..31
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes that nobody can guess; copied
   * @throws IllegalArgumentException if the number is out of range or in the ring, or the secret is
   *     too short
   */
  public CookieKeys with(int id, byte[] secret) {
    return copy(signingId, secrets).verifyOnly(id, secret).build();
  }

  /**
   * {@return a ring of the same keys, another of which signs}
   *
   * @param id a number in the ring
   * @throws IllegalArgumentException if it is not: other proxies may not know the key either
   */
  public CookieKeys signingBy(int id) {
    checkKnown(id);
    return copy(id, secrets).build();
  }

  /**
   * {@return a ring without one of the keys: its tokens become {@link
   * dev.limpet.core.Reason#UNKNOWN_KEY}}
   *
   * @param id a number in the ring, not the signing one
   * @throws IllegalArgumentException if it is not in the ring, or signs
   */
  public CookieKeys without(int id) {
    checkKnown(id);
    if (id == signingId) {
      throw new IllegalArgumentException("id: " + id + " (expected: not the signing key)");
    }
    Map<Integer, byte[]> rest = new TreeMap<>(secrets);
    rest.remove(id);
    return copy(signingId, rest).build();
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

  private static Builder copy(int signingId, Map<Integer, byte[]> secrets) {
    Builder builder = builder();
    secrets.forEach((id, secret) -> {
      if (id == signingId) {
        builder.signing(id, secret);
      } else {
        builder.verifyOnly(id, secret);
      }
    });
    return builder;
  }

  private void checkKnown(int id) {
    if (!secrets.containsKey(id)) {
      throw new IllegalArgumentException(
          "id: " + id + " (expected: one of " + secrets.keySet() + ")");
    }
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
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess;
     *     copied
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
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess;
     *     copied
     * @return this builder
     */
    public Builder verifyOnly(int id, byte[] secret) {
      return add(id, secret);
    }

    /**
     * {@return the ring}
     *
     * @throws IllegalArgumentException if a number is out of range or used twice, a secret is too
     *     short, or there is not exactly one signing key; the message names all faults and no
     *     secret
     */
    public CookieKeys build() {
      Integer signing = signingId;
      Faults all = new Faults().addAll(faults.found());
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
      requireNonNull(secret, "secret");
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
