package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Durations;
import dev.limpet.core.internal.HttpToken;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How sessions of a pool stick, as an embedder's configuration declares it. A value and nothing
 * more: any combination can be written down here, and {@link Profile#faults} tells which are
 * allowed. Routers check it when they are built. Immutable.
 *
 * <pre>{@code
 * StickySession session = StickySession.appCookie("JSESSIONID").withDuration(Duration.ofHours(8));
 * }</pre>
 */
public final class StickySession {

  /** The stickiness duration where none is given: 20 minutes. */
  public static final Duration DEFAULT_DURATION = Duration.ofMinutes(20);

  /** The longest duration that any table can keep and any profile allows: 365 days. */
  public static final Duration MAX_DURATION = Durations.MAX;

  /** What identifies a session. Callers need a default branch: there may be more. */
  public enum Type {
    /** The client's address. */
    SOURCE_IP,
    /** A cookie that the load balancer makes. */
    LB_COOKIE,
    /** A cookie that the application makes. */
    APP_COOKIE,
    /** A key of the embedder's own {@link KeyExtractor}. */
    CUSTOM;

    /** Returns the type as configuration spells it: {@code source-ip}, {@code lb-cookie}, … */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** From when the stickiness duration counts. Callers need a default branch: there may be more. */
  public enum Mode {
    /** From the last use: each use renews the session. */
    SLIDING,
    /** From the bind: use does not renew the session. */
    ABSOLUTE;

    /** {@return the mode as configuration spells it: {@code sliding} or {@code absolute}} */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final Type type;
  private final Duration duration;
  private final Mode mode;
  private final @Nullable Duration maxDuration;
  private final @Nullable String cookieName;

  private StickySession(
      Type type,
      Duration duration,
      Mode mode,
      @Nullable Duration maxDuration,
      @Nullable String cookieName) {
    this.type = requireNonNull(type, "type");
    this.duration = requireNonNull(duration, "duration");
    this.mode = requireNonNull(mode, "mode");
    this.maxDuration = maxDuration;
    this.cookieName = cookieName;
  }

  /**
   * {@return sessions of a type, sliding, of 20 minutes, without a cookie name}
   *
   * @param type what identifies the session
   */
  public static StickySession of(Type type) {
    return of(type, null);
  }

  /** {@return sessions known by the client's address, sliding, of 20 minutes} */
  public static StickySession sourceIp() {
    return of(Type.SOURCE_IP, null);
  }

  /** {@return sessions known by a cookie of the load balancer, sliding, of 20 minutes} */
  public static StickySession lbCookie() {
    return of(Type.LB_COOKIE, null);
  }

  /**
   * {@return sessions known by a cookie of the application, sliding, of 20 minutes}
   *
   * @param cookieName the cookie's name
   */
  public static StickySession appCookie(String cookieName) {
    return of(Type.APP_COOKIE, cookieName);
  }

  /** {@return sessions known by the embedder's own key, sliding, of 20 minutes} */
  public static StickySession custom() {
    return of(Type.CUSTOM, null);
  }

  private static StickySession of(Type type, @Nullable String cookieName) {
    return new StickySession(type, DEFAULT_DURATION, Mode.SLIDING, null, cookieName);
  }

  /**
   * {@return a copy with another duration}
   *
   * @param duration the stickiness duration
   */
  public StickySession withDuration(Duration duration) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /**
   * {@return a copy with another mode}
   *
   * @param mode from when the duration counts
   */
  public StickySession withMode(Mode mode) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /**
   * {@return a copy with another maximum duration}
   *
   * @param maxDuration how long a sliding session may live from its bind; null for no limit
   */
  public StickySession withMaxDuration(@Nullable Duration maxDuration) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /**
   * {@return a copy with another cookie name}
   *
   * @param cookieName the cookie's name; null for none, or for an LB cookie's default
   */
  public StickySession withCookieName(@Nullable String cookieName) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /** {@return what identifies the session} */
  public Type type() {
    return type;
  }

  /** {@return the stickiness duration} */
  public Duration duration() {
    return duration;
  }

  /** {@return from when the duration counts} */
  public Mode mode() {
    return mode;
  }

  /**
   * {@return how long a {@link Mode#SLIDING} session may live from its bind however much it is
   * used; null for no limit}
   */
  public @Nullable Duration maxDuration() {
    return maxDuration;
  }

  /** {@return the name of the cookie; null for none or, for an LB cookie, for its default} */
  public @Nullable String cookieName() {
    return cookieName;
  }

  /** {@return how long an unused session lives: the duration, or the maximum if that is shorter} */
  public Duration life() {
    return (mode == Mode.SLIDING && maxDuration != null && maxDuration.compareTo(duration) < 0)
        ? maxDuration
        : duration;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StickySession that
        && type == that.type
        && duration.equals(that.duration)
        && mode == that.mode
        && Objects.equals(maxDuration, that.maxDuration)
        && Objects.equals(cookieName, that.cookieName);
  }

  @Override
  public int hashCode() {
    return Objects.hash(type, duration, mode, maxDuration, cookieName);
  }

  /** {@return the settings that are set} */
  @Override
  public String toString() {
    return type + " " + duration + " " + mode
        + (maxDuration == null ? "" : ", at most " + maxDuration)
        + (cookieName == null ? "" : ", cookie " + HttpToken.quoted(cookieName));
  }
}
