package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * The rules by which a pool ejects backends whose requests fail. Immutable.
 *
 * <pre>{@code
 * Pool pool = Pool.builder("web")
 *     .backends(backends)
 *     .passiveHealth(PassiveHealth.standard())
 *     .build();
 * }</pre>
 *
 * <ul>
 *   <li>A backend is ejected after three failures in a row, all within 60 seconds. Any success
 *       between them starts the count again.
 *   <li>Failed connects, connections that are reset before a response, and timeouts count. Statuses
 *       count if you name them. Requests that the client cancels never count.
 *   <li>An ejection lasts one second, and twice as long each further time, up to one minute; each
 *       time varies at random by up to half. After five minutes without an ejection, it is one
 *       second again.
 *   <li>Then exactly one request probes the backend. If it succeeds, or does not fail within 30
 *       seconds, the backend is readmitted. If it fails, the backend is ejected again.
 *   <li>While a backend is ejected, it counts as down. Its sessions are served as their {@link
 *       Failover} says, with the reason {@link Reason#BACKEND_EJECTED}.
 *   <li>At most half of the backends that take new sessions are ejected at a time, and never the
 *       last one.
 *   <li>{@link PoolEdit#up}, {@link Pool#report}, another address and a new generation end an
 *       ejection.
 * </ul>
 *
 * <p>Each process decides for itself. It needs no thread: a report changes the pool, and the end of
 * an ejection is noticed when a backend is chosen. The times are those of the pool's {@link
 * Environment#clock}. (Envoy calls this outlier detection, Linkerd failure accrual; the probes
 * follow Linkerd.)
 *
 * @see StickyRouter#failed
 */
public final class PassiveHealth {

  /** The highest number of failures in a row. */
  public static final int MAX_FAILURES = 1_000;

  /** The longest time of an ejection, of a grace, and between the first and the last failure. */
  public static final Duration MAX_TIME = Duration.ofHours(1);

  private static final PassiveHealth STANDARD = builder().build();
  private static final int FIRST_STATUS = 501;
  private static final int LAST_STATUS = 599;

  private final int failures;
  private final Duration window;
  private final Set<FailureKind> kinds;
  private final Set<Integer> statuses;
  private final Duration firstTime;
  private final Duration longestTime;
  private final Duration grace;
  private final EjectionListener listener;
  private final DoubleSupplier random;

  private PassiveHealth(Builder builder) {
    this.failures = builder.failures;
    this.window = builder.window;
    this.kinds = Collections.unmodifiableSet(EnumSet.copyOf(builder.kinds));
    this.statuses = Set.copyOf(builder.statuses);
    this.firstTime = builder.firstTime;
    this.longestTime = builder.longestTime;
    this.grace = builder.grace;
    this.listener = builder.listener;
    this.random = builder.random;
  }

  /** {@return the rules with their defaults} */
  public static PassiveHealth standard() {
    return STANDARD;
  }

  /** {@return a builder, with the defaults} */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * {@return true if a response with a status is a failure of its backend}
   *
   * @param status the status of a response
   */
  public boolean isFailure(int status) {
    return !statuses.isEmpty() && statuses.contains(status);
  }

  /** Returns whether failures of a kind count. */
  boolean counts(FailureKind kind) {
    return kinds.contains(requireNonNull(kind, "kind"));
  }

  int failures() {
    return failures;
  }

  Duration window() {
    return window;
  }

  /** {@return the time without its random part} */
  Duration time(int times) {
    Duration time = firstTime;
    for (int i = 1; i < times && time.compareTo(longestTime) < 0; i++) {
      time = time.multipliedBy(2);
    }
    return (time.compareTo(longestTime) < 0) ? time : longestTime;
  }

  Duration grace() {
    return grace;
  }

  EjectionListener listener() {
    return listener;
  }

  /** {@return a random number, 0 or more and less than 1} */
  double random() {
    return random.getAsDouble();
  }

  /** {@return the settings} */
  @Override
  public String toString() {
    return failures + " failures within " + window + " of " + kinds
        + (statuses.isEmpty() ? "" : " with status " + new TreeSet<>(statuses))
        + ", for " + firstTime + ".." + longestTime + ", grace " + grace;
  }

  /** Builds a {@link PassiveHealth}. Not for use by several threads at once. */
  public static final class Builder {
    private int failures = 3;
    private Duration window = Duration.ofSeconds(60);
    private final Set<FailureKind> kinds =
        EnumSet.of(FailureKind.CONNECT, FailureKind.RESET_BEFORE_RESPONSE, FailureKind.TIMEOUT);
    private final Set<Integer> statuses = new TreeSet<>();
    private Duration firstTime = Duration.ofSeconds(1);
    private Duration longestTime = Duration.ofSeconds(60);
    private Duration grace = Duration.ZERO;
    private EjectionListener listener = (backend, ejection) -> {};
    private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

    private Builder() {}

    /**
     * Sets the number of failures in a row that eject a backend. Default 3.
     *
     * @param failures 1..1,000
     * @return this builder
     */
    public Builder failures(int failures) {
      this.failures = failures;
      return this;
    }

    /**
     * Sets the time in which these failures must occur. Default 60 seconds.
     *
     * @param window more than zero, up to one hour
     * @return this builder
     */
    public Builder within(Duration window) {
      this.window = requireNonNull(window, "window");
      return this;
    }

    /**
     * Sets the kinds of failures that count. Default: all but {@link FailureKind#STATUS}, which
     * {@link #statuses} adds.
     *
     * @param kinds one or more kinds
     * @return this builder
     */
    public Builder kinds(FailureKind... kinds) {
      this.kinds.clear();
      this.kinds.addAll(List.of(kinds));
      return this;
    }

    /**
     * Sets the statuses of responses that count as failures. Default: none. 500 cannot be one of
     * them, because it says that the application failed, not its server.
     *
     * @param statuses 501..599, such as 502, 503 and 504
     * @return this builder
     */
    public Builder statuses(int... statuses) {
      this.statuses.clear();
      for (int status : statuses) {
        this.statuses.add(status);
      }
      return this;
    }

    /**
     * Sets the time of the first ejection of a backend, and the longest time. Default: 1 and 60
     * seconds.
     *
     * @param first more than zero
     * @param longest the first time or longer, up to one hour
     * @return this builder
     */
    public Builder time(Duration first, Duration longest) {
      this.firstTime = requireNonNull(first, "first");
      this.longestTime = requireNonNull(longest, "longest");
      return this;
    }

    /**
     * Sets the time after the first of several ejections in a row in which sessions are lent, not
     * moved:
     * with {@link Failover#MOVE}, another backend serves them, and they return if theirs is
     * readmitted in this time. For example, five seconds allow a backend to restart. Default zero.
     *
     * @param grace zero up to one hour
     * @return this builder
     */
    public Builder grace(Duration grace) {
      this.grace = requireNonNull(grace, "grace");
      return this;
    }

    /**
     * Sets the listener that is called when a backend is ejected or readmitted. Default: none.
     *
     * @param listener the listener
     * @return this builder
     */
    public Builder listener(EjectionListener listener) {
      this.listener = requireNonNull(listener, "listener");
      return this;
    }

    /** Sets the source of random numbers, 0 or more and less than 1. */
    Builder random(DoubleSupplier random) {
      this.random = random;
      return this;
    }

    /**
     * {@return the rules}
     *
     * @throws FaultException if settings are out of range; the message names all of them
     */
    public PassiveHealth build() {
      List<Fault> faults = new ArrayList<>();
      if (failures < 1 || failures > MAX_FAILURES) {
        faults.add(Fault.of("failures", failures, "1.." + MAX_FAILURES));
      }
      if (kinds.isEmpty()) {
        faults.add(Fault.of("kinds", kinds, "one or more"));
      }
      for (int status : statuses) {
        if (status < FIRST_STATUS || status > LAST_STATUS) {
          faults.add(Fault.of("statuses", status, FIRST_STATUS + ".." + LAST_STATUS));
        }
      }
      checkPositive("within", window, faults);
      checkPositive("time", firstTime, faults);
      if (longestTime.compareTo(firstTime) < 0 || longestTime.compareTo(MAX_TIME) > 0) {
        faults.add(Fault.ofDuration("longest time", longestTime, firstTime, MAX_TIME, ""));
      }
      if (grace.isNegative() || grace.compareTo(MAX_TIME) > 0) {
        faults.add(Fault.ofDuration("grace", grace, Duration.ZERO, MAX_TIME, ""));
      }
      if (!faults.isEmpty()) {
        throw new FaultException(faults);
      }
      if (!statuses.isEmpty()) {
        kinds.add(FailureKind.STATUS);
      }
      return new PassiveHealth(this);
    }

    private static void checkPositive(String setting, Duration time, List<Fault> faults) {
      if (time.isZero() || time.isNegative() || time.compareTo(MAX_TIME) > 0) {
        faults.add(Fault.of(setting, time, "> PT0S, <= " + MAX_TIME));
      }
    }
  }
}
