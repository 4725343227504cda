package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A simple table that knows what another may answer. Where the other is allowed a tolerance, both
 * answers will do, and the model goes on from the one that was given.
 */
final class StickyTableModel {
  private final boolean sliding;
  private final long duration;
  private final long max;
  private final long capacity;
  private final Lateness late;
  private final Map<Long, Session> sessions = new HashMap<>();

  private long now;
  private long slack;
  private long overflow = Long.MIN_VALUE / 2;

  StickyTableModel(StickySession session, long capacity, Lateness late) {
    this.sliding = session.mode() == Mode.SLIDING;
    this.duration = session.duration().toNanos();
    this.max = session.maxDuration() == null || !sliding
        ? Long.MAX_VALUE / 2
        : session.maxDuration().toNanos();
    this.capacity = capacity;
    this.late = late;
  }

  /**
   * Sets the time of the calls that follow; it does not run backwards, but may be a tick behind
   * then.
   */
  void time(long elapsed) {
    if (elapsed < now) {
      slack = late.clock();
    }
    now = Math.max(now, elapsed);
  }

  void looksUp(long key, @Nullable String answer) {
    found(key, answer);
    Session session = sessions.get(key);
    if (session != null && answer != null) {
      session.usedAt = now;
    }
  }

  void found(long key, @Nullable String answer) {
    Session session = sessions.get(key);
    if (answer == null) {
      assertThat(session == null || mayBeDead(session))
          .as("%s may be dead", key)
          .isTrue();
      if (session != null) {
        session.seenDead = true;
      }
    } else {
      assertThat(session).as("%s is bound", key).isNotNull();
      assertThat(mayLive(session)).as("%s may live", key).isTrue();
      assertThat(session.seenDead && slack == 0).as("%s lives again", key).isFalse();
      assertThat(answer).isEqualTo(session.name);
    }
  }

  void wantsHash(boolean answer) {
    assertThat(answer ? mayRemember() : mayForget())
        .as("wants hash: %s", answer)
        .isTrue();
  }

  void unbinds(long key, String expected, boolean answer) {
    Session session = sessions.get(key);
    if (answer) {
      found(key, expected);
      sessions.remove(key);
    } else if (session != null && session.name.equals(expected)) {
      found(key, null);
    }
  }

  void binds(long key, @Nullable String expected, String candidate, boolean byHash, Bound answer) {
    switch (answer.status()) {
      case HELD -> {
        assertThat(answer.name()).isNotEqualTo(expected);
        looksUp(key, answer.name());
      }
      case STORED -> {
        assertThat(answer.name()).isEqualTo(candidate);
        stores(key, expected, candidate, byHash);
      }
      case FULL -> {
        assertThat(expected).isNull();
        removes(key);
        assertThat(byHash || mayForget()).as("hash not wanted").isTrue();
        assertThat(mostPlaces()).isGreaterThanOrEqualTo(capacity);
        overflow = now;
      }
      case ABSENT -> {
        assertThat(expected).isNotNull();
        removes(key);
      }
      case HASH_WANTED -> {
        assertThat(expected).isNull();
        removes(key);
        assertThat(byHash).isFalse();
        wantsHash(true);
      }
      default -> throw new AssertionError(answer);
    }
  }

  private void stores(long key, @Nullable String expected, String candidate, boolean byHash) {
    Session session = sessions.get(key);
    if (expected != null) {
      found(key, expected);
      sessions.put(key, new Session(candidate, session.boundAt, now));
    } else {
      removes(key);
      assertThat(byHash || mayForget()).as("hash not wanted").isTrue();
      sessions.put(key, new Session(candidate, now, now));
    }
    assertThat(leastPlaces()).isLessThanOrEqualTo(capacity);
  }

  /** An attempt to bind a dead session removes what was left of it. */
  private void removes(long key) {
    found(key, null);
    sessions.remove(key);
  }

  /** How many places are taken at least. */
  long leastPlaces() {
    return sessions.values().stream().filter(session -> !mayBeDead(session)).count();
  }

  private long mostPlaces() {
    return sessions.values().stream().filter(session -> freeBy(session) > now).count();
  }

  private long freeBy(Session session) {
    return latestEnd(session) + late.place();
  }

  private boolean mayLive(Session session) {
    return now < latestEnd(session);
  }

  private boolean mayBeDead(Session session) {
    long end = sliding
        ? Math.min(session.usedAt + duration, session.boundAt + max)
        : session.boundAt + duration;
    return now >= end - slack;
  }

  private long latestEnd(Session session) {
    long age = session.boundAt + (sliding ? max : duration) + late.age();
    return (sliding ? Math.min(session.usedAt + duration + late.use(), age) : age) + slack;
  }

  private boolean mayRemember() {
    return now < overflow + duration + late.overflow() + slack;
  }

  private boolean mayForget() {
    return now >= overflow + duration - slack;
  }

  private static final class Session {
    final String name;
    final long boundAt;
    long usedAt;
    boolean seenDead;

    Session(String name, long boundAt, long usedAt) {
      this.name = name;
      this.boundAt = boundAt;
      this.usedAt = usedAt;
    }
  }

  /**
   * By how many nanoseconds a table may be late.
   *
   * @param use to find that a binding was not used
   * @param age to find that a binding is too old
   * @param overflow to forget an overflow
   * @param place to give a place up
   * @param clock to see the clock go on after it stepped back
   */
  record Lateness(long use, long age, long overflow, long place, long clock) {}
}
