package dev.limpet.shared;

import java.util.Arrays;
import java.util.Random;

/**
 * The sessions that are going on. Each ends after some requests, few or many, and another begins.
 * Each comes to some proxies and no others, to any of these at any time.
 */
final class Crowd {
  private static final int STRIDE = 17;
  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  private final Random random;
  private final int proxies;
  private final int met;
  private final double endsEach;
  private final long[] sessions;
  private final String[] homes;
  private long begun;

  Crowd(FleetScale scale, Random random) {
    this.random = random;
    this.proxies = scale.proxies();
    this.met = scale.met();
    this.endsEach = 1.0 / scale.requestsPerSession();
    this.sessions = new long[scale.sessionsAtOnce()];
    this.homes = new String[scale.sessionsAtOnce()];
    Arrays.setAll(sessions, place -> begun++);
  }

  int size() {
    return sessions.length;
  }

  long begun() {
    return begun;
  }

  /**
   * {@return the place of the session that comes next} A session that came for the last time is
   * followed by another.
   */
  int next() {
    int place = random.nextInt(sessions.length);
    if (random.nextDouble() < endsEach) {
      sessions[place] = begun++;
      homes[place] = null;
    }
    return place;
  }

  long session(int place) {
    return sessions[place];
  }

  /** {@return which proxy a session comes to now} */
  int proxy(long session) {
    int first = (int) Math.floorMod((session * SCATTER) >>> 16, (long) proxies);
    return (first + STRIDE * random.nextInt(met)) % proxies;
  }

  /** Notes where a session was served, and returns where it was served before, or null. */
  String serve(int place, long session, String backend) {
    if (sessions[place] != session) {
      return null;
    }
    String before = homes[place];
    homes[place] = backend;
    return before;
  }
}
