package dev.limpet.shared;

import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.time.InstantSource;

/** How old shared bindings are, as far as their store and their words tell. Immutable. */
final class SharedTime {
  private final StickySession session;
  private final Retention kept;
  private final InstantSource wall;

  SharedTime(StickySession session, InstantSource wall) {
    this.session = session;
    this.kept = Retention.of(session);
    this.wall = wall;
  }

  /** {@return when a session that begins now ends, in seconds since 1970, or 0} */
  long end() {
    Duration most = session.maxDuration();
    return (most == null) ? 0 : wall.instant().plus(most).getEpochSecond() + 1;
  }

  /** {@return how long ago a session was bound, as far as that matters to when it ends} */
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
   * {@return how long ago a binding was renewed; zero too where it cannot be, as the session ends}
   */
  Duration renewed(SharedBinding binding, long remainingMillis) {
    boolean ends = binding.end() != 0 && remainingMillis >= left(binding).toMillis() - 1_000;
    return ends ? Duration.ZERO : since(remainingMillis);
  }

  /** {@return for how long sessions are told of by any use after the store was out of reach} */
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
