package dev.limpet.l7;

import dev.limpet.core.Remaining;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Until when sessions may belong to each backend by the tokens that were made here. Safe for use by
 * many threads at once.
 */
final class LastTokens {
  /*
   * Nobody knows which tokens clients still have, but a token has an end, and the greatest is
   * remembered by the backend's name. Ends are whole seconds: however many tokens are made, a
   * name's entry is written about once a second. Names whose tokens have ended are forgotten
   * whenever there are twice as many names as after the last time.
   *
   * Before this was made, another process may have made tokens; so for as long as a new token
   * lives, every backend may have sessions.
   *
   * Where the clock was set back, an end may lie further ahead than that of any token that is
   * believed. As long as the clock has not caught up, ends are taken for no later than what was
   * possible when that was first seen.
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

  /** Remembers that a token that names the backend is about to be made. */
  void addNew(String backend) {
    long now = life.now();
    add(backend, life.endOfNew(now), now);
  }

  /** Remembers a token that names the backend. */
  void add(String backend, LbToken token) {
    add(backend, life.end(token), life.now());
  }

  /** {@return for how long sessions may still belong to the backend} */
  Remaining remaining(String backend) {
    long now = life.now();
    limit(now, 0);
    long end = Math.max(earlier, ends.getOrDefault(backend, 0L));
    long seconds = Math.min(end, limit) - now;
    return Remaining.uncounted(Duration.ofSeconds(Math.max(0, seconds)));
  }

  /** {@return how many backends are remembered} */
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

  /** Sees whether the clock has been set back, or has caught up. */
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
