package dev.limpet.l7;

import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** How long tokens live. Times are whole seconds since 2024, rounded down. Immutable. */
final class TokenLife {
  /*
   * A token is renewed when it was last seen a threshold ago or more, and accepted until the
   * duration and the threshold have passed since. So a use that renews nothing still keeps the
   * session for the whole duration: at the use the token is younger than the threshold, a duration
   * later younger than both together. Rounding both times down keeps that true, as durations are
   * whole seconds.
   *
   * A token that is not renewed by use keeps its key: proxies that change keys one after the other
   * would answer each other's tokens with their own for as long as that lasts, and the key that
   * made it must be kept for its whole life anyway.
   */

  private static final long EPOCH_SECOND = 1_704_067_200; // 2024-01-01T00:00:00Z
  private static final long LAST_SECOND = (1L << Integer.SIZE) - 1;
  private static final long MAX_SKEW = 60;
  private static final long UNLIMITED = Long.MAX_VALUE / 2;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int THRESHOLDS_PER_DURATION = 16;

  private final boolean sliding;
  private final long threshold;
  private final long maxIdle;
  private final long maxAge;
  private final InstantSource clock;

  /**
   * Makes the rules of a session.
   *
   * @param session with durations of whole seconds
   * @param threshold how old the last use is when it is recorded anew, whole seconds
   */
  TokenLife(StickySession session, Duration threshold, InstantSource clock) {
    Duration max = session.maxDuration();
    long duration = session.duration().toSeconds();
    this.sliding = session.mode() == Mode.SLIDING;
    this.threshold = threshold.toSeconds();
    this.maxIdle = sliding ? duration + threshold.toSeconds() - 1 : UNLIMITED;
    this.maxAge = sliding ? (max == null ? UNLIMITED : max.toSeconds()) : duration;
    this.clock = clock;
  }

  /**
   * {@return the threshold where none is set: a sixteenth of the duration in whole seconds, at
   * least one}
   */
  static Duration defaultThreshold(Duration duration) {
    return Duration.ofSeconds(Math.max(1, duration.toSeconds() / THRESHOLDS_PER_DURATION));
  }

  long now() {
    long second = Math.floorDiv(clock.millis(), (long) MILLIS_PER_SECOND) - EPOCH_SECOND;
    return Math.max(0, Math.min(second, LAST_SECOND));
  }

  /** {@return why the token's time is not now; null if it is} */
  @Nullable
  Reason fault(LbToken token, long now) {
    if (secondsAhead(token, now) > 0) {
      return Reason.FUTURE;
    }
    return (secondsOver(token, now) > 0) ? Reason.EXPIRED : null;
  }

  /** {@return by how many seconds the token misses its time; 0 if it does not} */
  long secondsOff(LbToken token, long now) {
    return Math.max(0, Math.max(secondsAhead(token, now), secondsOver(token, now)));
  }

  /** {@return whether this use of a session is to be recorded in a new token, which is alive} */
  boolean isRefreshDue(LbToken token, long now) {
    return sliding && now - token.lastSeen() >= threshold && now - token.issuedAt() <= maxAge;
  }

  /**
   * {@return whether the token is not alive, or will not be sent again because its next use renews
   * it}
   */
  boolean isSpent(LbToken token, long now) {
    return fault(token, now) != null || isRefreshDue(token, now);
  }

  /** {@return the first second in which the token is not alive any more} */
  long end(LbToken token) {
    return 1 + Math.min(token.lastSeen() + maxIdle, token.issuedAt() + maxAge);
  }

  /** {@return the first second in which a token is not alive any more that is made now} */
  long endOfNew(long now) {
    return 1 + now + Math.min(maxIdle, maxAge);
  }

  /** {@return the greatest end that a token can have that is alive now} */
  long lastEnd(long now) {
    return endOfNew(now + MAX_SKEW);
  }

  private static long secondsAhead(LbToken token, long now) {
    return Math.max(token.issuedAt(), token.lastSeen()) - now - MAX_SKEW;
  }

  private long secondsOver(LbToken token, long now) {
    return Math.max(now - token.lastSeen() - maxIdle, now - token.issuedAt() - maxAge);
  }
}
