package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.internal.Durations;
import dev.limpet.core.internal.HttpToken;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The stickiness of a pool, as an embedder's configuration declares it: the type of session and how
 * long it lasts. A plain value: it can hold any combination, and {@link Profile#faults} returns
 * what is wrong with one. Routers check it when they are built. Immutable.
 *
 * <pre>{@code
 * StickySession session = StickySession.appCookie("JSESSIONID").withDuration(Duration.ofHours(8));
 * }</pre>
 */
public final class StickySession {

  /** The default stickiness duration: 20 minutes. */
  public static final Duration DEFAULT_DURATION = Duration.ofMinutes(20);

  /** The longest duration that tables support and profiles allow: 365 days. */
  public static final Duration MAX_DURATION = Durations.MAX;

  /** What identifies a session. Callers need a default branch, because values may be added. */
  public enum Type {
    /** The client's IP address. */
    SOURCE_IP,
    /** A cookie that the load balancer sets. */
    LB_COOKIE,
    /** A cookie that the application sets. */
    APP_COOKIE,
    /** A key from the embedder's own {@link KeyExtractor}. */
    CUSTOM;

    /**
     * {@return the type as configuration spells it, such as {@code source-ip} or {@code lb-cookie}}
     */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * The event that starts the stickiness duration. Callers need a default branch, because values
   * may be added.
   */
  public enum Mode {
    /** The last use: each use renews the session. */
    SLIDING,
    /** The binding of the session: uses do not renew it. */
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
   * {@return stickiness of a type: sliding, 20 minutes, without a cookie name}
   *
   * @param type what identifies the session
   */
  public static StickySession of(Type type) {
    return of(type, null);
  }

  /** {@return stickiness by the client's address: sliding, 20 minutes} */
  public static StickySession sourceIp() {
    return of(Type.SOURCE_IP, null);
  }

  /** {@return stickiness by a cookie that the load balancer sets: sliding, 20 minutes} */
  public static StickySession lbCookie() {
    return of(Type.LB_COOKIE, null);
  }

  /**
   * {@return stickiness by a cookie that the application sets: sliding, 20 minutes}
   *
   * @param cookieName the cookie's name
   */
  public static StickySession appCookie(String cookieName) {
    return of(Type.APP_COOKIE, cookieName);
  }

  /** {@return stickiness by the embedder's own key: sliding, 20 minutes} */
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
   * @param mode the event that starts the duration
   */
  public StickySession withMode(Mode mode) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /**
   * {@return a copy with another maximum duration}
   *
   * @param maxDuration the longest time from its binding that a sliding session may live; null for
   *     no limit
   */
  public StickySession withMaxDuration(@Nullable Duration maxDuration) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /**
   * {@return a copy with another cookie name}
   *
   * @param cookieName the cookie's name; null if absent, or for an LB cookie's default
   */
  public StickySession withCookieName(@Nullable String cookieName) {
    return new StickySession(type, duration, mode, maxDuration, cookieName);
  }

  /** {@return the type, which says what identifies a session} */
  public Type type() {
    return type;
  }

  /** {@return the stickiness duration} */
  public Duration duration() {
    return duration;
  }

  /** {@return the event that starts the duration} */
  public Mode mode() {
    return mode;
  }

  /**
   * {@return the longest time from its binding that a {@link Mode#SLIDING} session may live, even
   * if it is used; null for no limit}
   */
  public @Nullable Duration maxDuration() {
    return maxDuration;
  }

  /** {@return the name of the cookie; null if absent or, for an LB cookie, for its default} */
  public @Nullable String cookieName() {
    return cookieName;
  }

  /**
   * {@return the time after which an unused session expires: the duration, or the maximum duration
   * if that is shorter}
   */
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

  /** {@return the settings, without those that are not set} */
  @Override
  public String toString() {
    return type + " " + duration + " " + mode
        + (maxDuration == null ? "" : ", at most " + maxDuration)
        + (cookieName == null ? "" : ", cookie " + HttpToken.quoted(cookieName));
  }
}
