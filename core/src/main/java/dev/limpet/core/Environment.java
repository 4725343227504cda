package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Hmac;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What the pools, affinities and tables of a process have in common: a secret and two clocks. Give
 * the same environment to a pool and to its affinity; tables and stores get it from the affinity.
 * Immutable; safe for use by many threads.
 *
 * <pre>{@code
 * Environment environment = Environment.of(secret); // the same at all proxies
 * }</pre>
 */
public final class Environment {

  /** The shortest secret: 32 bytes. */
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
   * {@return the environment of this process alone: always the same, with a random secret and the
   * system's clocks} What is made with it is worth nothing to other processes, nor to this one
   * after a restart.
   */
  public static Environment local() {
    return Local.ENVIRONMENT;
  }

  /**
   * {@return an environment with a secret and the system's clocks} Processes with the same secret
   * make the same keys, the same choices by hash and the same cookies.
   *
   * @param secret at least {@value #MIN_SECRET_BYTES} bytes that nobody can guess; not kept
   * @throws IllegalArgumentException if the secret is shorter
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
   * {@return a copy with another monotonic clock, by which sessions expire}
   *
   * @param clock the time
   */
  public Environment withClock(NanoClock clock) {
    return new Environment(hasher, deriving, requireNonNull(clock, "clock"), wallClock);
  }

  /**
   * {@return a copy with another wall clock, by which cookies and saved tables are dated}
   *
   * @param clock the time
   */
  public Environment withWallClock(InstantSource clock) {
    return new Environment(hasher, deriving, this.clock, requireNonNull(clock, "clock"));
  }

  /** {@return what makes the keys of sessions; always the same object} */
  public KeyHasher hasher() {
    return hasher;
  }

  /**
   * {@return a secret of 32 bytes that follows from this environment's, and says nothing of it nor
   * of those for other purposes}
   *
   * @param purpose what it is for, such as {@code "my proxy: signatures of tickets"}
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

  /** Says nothing of the secret. */
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
