package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Hmac;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The secret and the clocks that the pools, affinities and tables of a process share. Give the same
 * environment to a pool and to its affinity; tables and stores get it from the affinity. Immutable;
 * safe for use by many threads at once.
 *
 * <pre>{@code
 * Environment environment = Environment.of(secret); // the same at all proxies
 * }</pre>
 */
public final class Environment {

  /** The minimum length of a secret: 32 bytes. */
  public static final int MIN_SECRET_BYTES = 32;

  private final KeyHasher hasher;
  private final Hmac deriving;
  private final NanoClock clock;
  private final InstantSource wallClock;

  private Environment(KeyHasher hasher, Hmac deriving, NanoClock clock, InstantSource wallClock) {
    this.hasher = hasher;
    this.deriving = deriving;
    this.clock = clock;
    this.wallClock = wallClock;
  }

  /**
   * {@return the environment of this process, with a random secret and the system clocks; always
   * the same object} Cookies and saved tables that it made are useless to other processes, and to
   * this one after a restart.
   */
  public static Environment local() {
    return Local.ENVIRONMENT;
  }

  /**
   * {@return an environment with a secret and the system clocks} Processes with the same secret
   * make the same keys, rendezvous choices and cookies.
   *
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes that nobody can guess; not retained
   * @throws IllegalArgumentException if the secret is shorter than {@value #MIN_SECRET_BYTES} bytes
   */
  public static Environment of(byte[] secret) {
    if (secret.length < MIN_SECRET_BYTES) {
      throw new IllegalArgumentException(
          "secret: " + secret.length + " bytes (expected: " + MIN_SECRET_BYTES + " or more)");
    }
    return new Environment(
        KeyHasher.of(secret),
        Hmac.of(Hmac.of(secret).sign("limpet environment")),
        NanoClock.system(),
        InstantSource.system());
  }

  /**
   * {@return a copy with another monotonic clock, by which table bindings expire}
   *
   * @param clock the clock
   */
  public Environment withClock(NanoClock clock) {
    return new Environment(hasher, deriving, requireNonNull(clock, "clock"), wallClock);
  }

  /**
   * {@return a copy with another wall clock, which dates cookies and saved tables}
   *
   * @param clock the clock
   */
  public Environment withWallClock(InstantSource clock) {
    return new Environment(hasher, deriving, this.clock, requireNonNull(clock, "clock"));
  }

  /** {@return the hasher that makes the keys of sessions; always the same object} */
  public KeyHasher hasher() {
    return hasher;
  }

  /**
   * {@return a secret of 32 bytes that is derived from this environment's} It reveals nothing about
   * that secret, or about those for other purposes.
   *
   * @param purpose the purpose, such as {@code "my proxy: signatures of tickets"}
   */
  public byte[] secret(String purpose) {
    return deriving.sign(purpose);
  }

  /** {@return the monotonic clock} */
  public NanoClock clock() {
    return clock;
  }

  /** {@return the wall clock} */
  public InstantSource wallClock() {
    return wallClock;
  }

  /** Returns a text that does not reveal the secret. */
  @Override
  public String toString() {
    return "Environment";
  }

  private static final class Local {
    static final Environment ENVIRONMENT = of(random());

    private static byte[] random() {
      byte[] secret = new byte[MIN_SECRET_BYTES];
      new SecureRandom().nextBytes(secret);
      return secret;
    }
  }
}
