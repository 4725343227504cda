package dev.limpet.shared;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.InstantSource;

/**
 * Computes the age of shared bindings from their end and from the time for which the store still
 * keeps them. Immutable.
 */
final class SharedTime {
  private final StickySession session;
  private final Retention kept;
  private final InstantSource wall;

  SharedTime(StickySession session, InstantSource wall) {
    this.session = session;
    this.kept = Retention.of(session);
    this.wall = wall;
  }

  /** {@return the end of a session that begins now, in seconds since 1970; 0 if it has no end} */
  long end() {
    Duration most = session.maxDuration();
    return (most == null) ? 0 : wall.instant().plus(most).getEpochSecond() + 1;
  }

  /**
   * {@return the time since a session was bound, or zero if that does not matter for its
   * expiration}
   */
  Duration age(SharedBinding binding, long remainingMillis) {
    Duration most = session.maxDuration();
    if (session.mode() == Mode.ABSOLUTE) {
      return since(remainingMillis);
    }
    return (most == null || binding.end() == 0)
        ? Duration.ZERO
        : positive(most.minus(left(binding)));
  }

  /**
   * {@return the time since a binding was renewed; zero also if it cannot be renewed because the
   * end of its session is near}
   */
  Duration renewed(SharedBinding binding, long remainingMillis) {
    boolean ends = binding.end() != 0 && remainingMillis >= left(binding).toMillis() - 1_000;
    return ends ? Duration.ZERO : since(remainingMillis);
  }

  /**
   * Returns for how long, after the store could not be reached, any use of a session is reported.
   */
  Duration catchUp() {
    Duration duration = session.duration();
    return (session.mode() == Mode.ABSOLUTE) ? duration : duration.dividedBy(16);
  }

  private Duration since(long remainingMillis) {
    return positive(Duration.ofMillis(kept.millis() - remainingMillis));
  }

  private Duration left(SharedBinding binding) {
    return Duration.ofSeconds(binding.end()).minusMillis(wall.millis());
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
