package dev.limpet.l7;

import dev.limpet.core.Remaining;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The time until which each backend may have sessions, from the tokens that this affinity made.
 * Safe for use by many threads at once.
 */
final class LastTokens {
  /*
   * Nobody knows which tokens clients still have. But every token expires, so the latest expiration
   * is stored for each backend's name. Expirations are whole seconds, so a name's entry is written
   * about once a second, no matter how many tokens are made. Names whose tokens have expired are
   * removed each time the number of names has doubled since the last removal.
   *
   * An earlier process may have made tokens before this one started. So until a token that was made
   * at the start would have expired, every backend may have sessions.
   *
   * If the clock is set back, a stored expiration may be later than that of any token that is still
   * accepted. Until the clock has caught up, expirations are limited to the latest one that was
   * possible when the step was noticed.
   */

  private static final int FEW = 64;

  private final TokenLife life;
  private final ConcurrentHashMap<String, Long> ends = new ConcurrentHashMap<>();
  private final long earlier;
  private long latest;
  private volatile long limit = Long.MAX_VALUE;
  private volatile int many = FEW;

  LastTokens(TokenLife life) {
    this.life = life;
    this.earlier = life.endOfNew(life.now());
  }

  /** Records that a new token of a backend is about to be made. */
  void addNew(String backend) {
    long now = life.now();
    add(backend, life.endOfNew(now), now);
  }

  /** Records a token of a backend. */
  void add(String backend, LbToken token) {
    add(backend, life.end(token), life.now());
  }

  /** {@return the time for which the backend may still have sessions} */
  Remaining remaining(String backend) {
    long now = life.now();
    limit(now, 0);
    long end = Math.max(earlier, ends.getOrDefault(backend, 0L));
    long seconds = Math.min(end, limit) - now;
    return Remaining.uncounted(Duration.ofSeconds(Math.max(0, seconds)));
  }

  /** {@return the number of stored backends} */
  int size() {
    return ends.size();
  }

  private void add(String backend, long end, long now) {
    Long known = ends.get(backend);
    if (known == null || known < end || limit < end) {
      limit(now, end);
      ends.merge(backend, end, Math::max);
      forgetEnded(now);
    }
  }

  /** Checks whether the clock has been set back, or has caught up. */
  private synchronized void limit(long now, long end) {
    if (now >= latest) {
      latest = now;
      limit = Long.MAX_VALUE;
    } else {
      limit = Math.max(Math.min(limit, life.lastEnd(now)), end);
    }
  }

  private void forgetEnded(long now) {
    if (ends.size() > many) {
      ends.values().removeIf(end -> end <= now);
      many = Math.max(FEW, 2 * ends.size());
    }
  }
}
