package dev.limpet.l7;

import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The rules for the expiration of tokens. Times are whole seconds since 2024, rounded down.
 * Immutable.
 */
final class TokenLife {
  /*
   * A token is refreshed by a use if its last recorded use is at least one threshold ago. It is
   * accepted until the duration plus the threshold have passed since that recorded use. So a use
   * that does not refresh the token still keeps the session for the whole duration: at that use the
   * token is younger than the threshold, and one duration later it is younger than both together.
   * This also holds for times that are rounded down, because durations are whole seconds.
   *
   * In absolute mode, a token is never replaced by one with a newer key. Otherwise, while proxies
   * change their keys one after the other, they would keep replacing each other's tokens. The old
   * key must be kept for the whole life of its tokens anyway.
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
   * Makes the rules for the tokens of sessions.
   *
   * @param session the declared stickiness, with durations in whole seconds
   * @param threshold the age of the last recorded use from which a use is recorded, in whole
   *     seconds
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

  /** {@return the default threshold: 1/16 of the duration in whole seconds, at least one second} */
  static Duration defaultThreshold(Duration duration) {
    return Duration.ofSeconds(Math.max(1, duration.toSeconds() / THRESHOLDS_PER_DURATION));
  }

  long now() {
    long second = Math.floorDiv(clock.millis(), (long) MILLIS_PER_SECOND) - EPOCH_SECOND;
    return Math.max(0, Math.min(second, LAST_SECOND));
  }

  /** {@return the reason why a token is not valid now; null if it is} */
  @Nullable
  Reason fault(LbToken token, long now) {
    return fault(token.issuedAt(), token.lastSeen(), now);
  }

  /** {@return the reason why a token that is never refreshed is not valid now; null if it is} */
  @Nullable
  Reason fault(long issuedAt, long now) {
    return fault(issuedAt, issuedAt, now);
  }

  private @Nullable Reason fault(long issuedAt, long lastSeen, long now) {
    if (secondsAhead(issuedAt, lastSeen, now) > 0) {
      return Reason.FUTURE;
    }
    return (secondsOver(issuedAt, lastSeen, now) > 0) ? Reason.EXPIRED : null;
  }

  /**
   * {@return the number of seconds by which a token is too early or too late; 0 if it is valid now}
   */
  long secondsOff(LbToken token, long now) {
    return Math.max(
        0,
        Math.max(
            secondsAhead(token.issuedAt(), token.lastSeen(), now),
            secondsOver(token.issuedAt(), token.lastSeen(), now)));
  }

  /**
   * Returns whether this use of a session must be recorded in a new token. The token must be valid.
   */
  boolean isRefreshDue(LbToken token, long now) {
    return sliding && now - token.lastSeen() >= threshold && now - token.issuedAt() <= maxAge;
  }

  /** Returns whether a token is not valid, or will be replaced when it is next used. */
  boolean isSpent(LbToken token, long now) {
    return fault(token, now) != null || isRefreshDue(token, now);
  }

  /** {@return the first second in which a token is not valid any more} */
  long end(LbToken token) {
    return 1 + Math.min(token.lastSeen() + maxIdle, token.issuedAt() + maxAge);
  }

  /** {@return the first second in which a token that is made now will not be valid any more} */
  long endOfNew(long now) {
    return 1 + now + Math.min(maxIdle, maxAge);
  }

  /** {@return the latest end of any token that is valid now} */
  long lastEnd(long now) {
    return endOfNew(now + MAX_SKEW);
  }

  private static long secondsAhead(long issuedAt, long lastSeen, long now) {
    return Math.max(issuedAt, lastSeen) - now - MAX_SKEW;
  }

  private long secondsOver(long issuedAt, long lastSeen, long now) {
    return Math.max(now - lastSeen - maxIdle, now - issuedAt - maxAge);
  }
}
