package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Environment;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of an LB cookie, or of a sealed or issued header: a ring of numbered keys. One key
 * signs new tokens; the others only verify tokens that were signed earlier. Proxies that share a
 * ring accept each other's tokens. Immutable.
 *
 * <p>To replace a secret without losing a session, take three steps. Complete each step on all
 * proxies before the next one: add the new key ({@link #with}), sign with it ({@link #signingBy}),
 * and remove the old key ({@link #without}) when the tokens that it signed have expired. They have
 * expired after the stickiness duration, the refresh threshold and one minute for clock
 * differences. {@link LbCookieAffinity#rotate} and {@link HeaderAffinity#rotate} change the ring at
 * run time.
 */
public final class CookieKeys {

  /** The minimum length of a secret: 32 bytes. */
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
   * {@return a ring of one key with a random secret} Other processes, and this one after a restart,
   * reject the tokens that it signs.
   */
  public static CookieKeys random() {
    byte[] secret = new byte[MIN_SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    return builder().signing(0, secret).build();
  }

  /**
   * {@return a ring of one key, number 0, that is derived from an environment's secret} To replace
   * the key later, add a key to this ring and sign with it.
   *
   * @param environment the environment, with the same secret on all proxies
   */
  public static CookieKeys of(Environment environment) {
    return builder().signing(0, environment.secret("limpet lb-cookie")).build();
  }

  /**
   * {@return the ring that a text describes, such as one from an environment variable or a
   * configuration file}
   *
   * <p>The text is a list of keys, separated by commas, with or without blanks around them. A key
   * is {@code id:secret}, {@code id:base64:secret} or {@code id:hex:secret}. Without {@code hex:},
   * the secret is in Base64, of the standard or the URL alphabet, padded or not. The first key
   * signs and all others only verify:
   *
   * <pre>{@code
   * CookieKeys.parse("2:yFZ0…, 1:hex:6d1c…") // new tokens by key 2, and those of key 1 still hold
   * }</pre>
   *
   * <p>A rotation is three texts, each at all proxies before the next: {@code 1:…, 2:…}, then
   * {@code 2:…, 1:…}, then {@code 2:…}.
   *
   * @param text the keys: numbers 0..31, each once, with secrets of at least {@value
   *     #MIN_SECRET_BYTES} bytes that nobody can guess
   * @throws IllegalArgumentException if the text is not as expected; the message names all faults,
   *     by the position of the key in the list and its number, and shows nothing of a secret
   */
  public static CookieKeys parse(String text) {
    return CookieKeysText.parse(text);
  }

  /** {@return a builder of a ring without keys} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return a ring that also verifies tokens of another key} Every proxy needs this before the
   * first one signs with that key.
   *
   * @param id the key's number, 0..31
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes that nobody can guess; copied
   * @throws IllegalArgumentException if the number is out of range or already in the ring, or the
   *     secret is too short
   */
  public CookieKeys with(int id, byte[] secret) {
    return copy(signingId, secrets).verifyOnly(id, secret).build();
  }

  /**
   * {@return a ring of the same keys that signs with another one}
   *
   * @param id a number in the ring
   * @throws IllegalArgumentException if the number is not in the ring, because then other proxies
   *     may not know the key either
   */
  public CookieKeys signingBy(int id) {
    checkKnown(id);
    return copy(id, secrets).build();
  }

  /**
   * {@return a ring without one of its keys} Tokens of that key are rejected with {@link
   * dev.limpet.core.Reason#UNKNOWN_KEY}.
   *
   * @param id a number in the ring, other than that of the signing key
   * @throws IllegalArgumentException if the number is not in the ring, or is that of the signing
   *     key
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

  /** {@return the numbers of the keys, without their secrets} */
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

  /** {@return the secrets by number; do not change it} */
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

  /** Builds a ring. Not for use by several threads at once. */
  public static final class Builder {
    private final Map<Integer, byte[]> secrets = new TreeMap<>();
    private final Faults faults = new Faults();
    private @Nullable Integer signingId;

    private Builder() {}

    /**
     * Adds the key that signs new tokens, and also verifies. A ring has exactly one signing key.
     *
     * @param id the key's number, 0..31
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess;
     *     copied
     * @return this builder
     */
    public Builder signing(int id, byte[] secret) {
      if (signingId != null) {
        faults.add("signing", id, "only one signing key; " + signingId + " signs already");
      }
      signingId = id;
      return add(id, secret);
    }

    /**
     * Adds a key that only verifies tokens.
     *
     * @param id the key's number, 0..31
     * @param secret at least {@value CookieKeys#MIN_SECRET_BYTES} bytes that nobody can guess;
     *     copied
     * @return this builder
     */
    public Builder verifyOnly(int id, byte[] secret) {
      return add(id, secret);
    }

    /**
     * {@return a new ring}
     *
     * @throws IllegalArgumentException if a number is out of range or used twice, a secret is too
     *     short, or there is not exactly one signing key; the message names all faults, but no
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
        faults.add("id", id, "a different number for each key");
      }
      return this;
    }
  }
}
