package dev.limpet.core.golden;

import dev.limpet.core.Environment;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.CompactStickyTable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** A table of 250 sessions, and clocks that are set by hand. */
final class GoldenTable {
  static final byte[] SECRET =
      "limpet golden files: no secret of anybody".getBytes(StandardCharsets.US_ASCII);
  static final Instant BEGIN = Instant.parse("2026-12-01T12:00:00Z");
  static final Duration BEFORE_SAVE = Duration.ofSeconds(19 * 60 + 30);
  static final StickySession SLIDING =
      StickySession.custom().withDuration(Duration.ofMinutes(20)).withMode(Mode.SLIDING);
  static final StickySession ABSOLUTE = SLIDING.withMode(Mode.ABSOLUTE);
  static final StickySession LIMITED = SLIDING.withMaxDuration(Duration.ofMinutes(25));

  private static final int SESSIONS = 250;
  private static final long CAPACITY = 10_000;

  private Duration passed = Duration.ZERO;
  private Duration sinceStart = Duration.ZERO;
  final Environment environment = Environment.of(SECRET)
      .withClock(() -> sinceStart.toNanos())
      .withWallClock(() -> BEGIN.plus(passed));
  final CompactStickyTable table;

  GoldenTable(StickySession session) {
    this.table = CompactStickyTable.of(session, CAPACITY, environment.clock());
  }

  /** {@return an empty table of a process that starts some time after the bindings began} */
  static GoldenTable startedAfter(StickySession session, Duration passed) {
    GoldenTable golden = new GoldenTable(session);
    golden.passed = passed;
    return golden;
  }

  /** Binds sessions at three moments, and uses some of them again. */
  void fill() {
    bind(1, 100, "web1");
    pass(Duration.ofMinutes(10));
    bind(101, 200, "web2@blue");
    use(1, 50);
    pass(Duration.ofMinutes(9));
    bind(201, SESSIONS, "w\u00E9b 3");
    pass(BEFORE_SAVE.minusMinutes(19));
  }

  void pass(Duration time) {
    passed = passed.plus(time);
    sinceStart = sinceStart.plus(time);
  }

  void passUntil(Duration end) {
    pass(end.minus(passed));
  }

  /** {@return the backends' names by the numbers of the sessions that are live} */
  Map<Integer, String> bindings() {
    Map<Integer, String> bindings = new TreeMap<>();
    for (int session = 1; session <= SESSIONS; session++) {
      String name = table.peek(key(session));
      if (name != null) {
        bindings.put(session, name);
      }
    }
    return bindings;
  }

  private void bind(int first, int last, String name) {
    for (int session = first; session <= last; session++) {
      table.bind(key(session), null, name, true);
    }
  }

  private void use(int first, int last) {
    for (int session = first; session <= last; session++) {
      table.lookup(key(session));
    }
  }

  private long key(int session) {
    return environment.hasher().string("session-" + session);
  }
}
