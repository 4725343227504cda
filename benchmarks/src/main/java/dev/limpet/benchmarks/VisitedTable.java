package dev.limpet.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A table that contains all sessions of a benchmark, keyed by an IPv4 address as a number. */
@FunctionalInterface
interface VisitedTable {
  /** The backends' names, all of the same length. */
  List<String> NAMES = IntStream.range(0, 10).mapToObj(i -> "web" + i).toList();

  /** The result of a visit if the table does not contain the session. */
  int MISS = -1;

  /** Looks up a session; returns 0, which no compiler can predict. */
  int visit(int address);

  /**
   * Makes a table that contains sessions.
   *
   * @param table one of compact, coarse (a compact one with a coarse clock), caffeine, rawCaffeine,
   *     rawChm, memoryFloor
   * @param sessions the number of sessions
   * @throws IllegalStateException if the table does not contain one of them afterwards
   */
  static VisitedTable of(String table, int sessions) {
    VisitedTable visited = switch (table) {
      case "coarse" -> sticky("compact", sessions, coarseClock());
      case "rawCaffeine" -> rawCaffeine(sessions);
      case "rawChm" -> rawMap(sessions);
      case "memoryFloor" -> memoryFloor(sessions);
      default -> sticky(table, sessions, NanoClock.system());
    };
    return checked(visited, table, sessions);
  }

  private static VisitedTable checked(VisitedTable visited, String table, int sessions) {
    for (int session = 0; session < sessions; session++) {
      if (visited.visit(address(session)) != 0) {
        throw new IllegalStateException(
            table + ": misses session " + session + " (expected: a hit)");
      }
    }
    return visited;
  }

  /**
   * Returns a session's address; different sessions have different addresses, which are spread
   * evenly.
   */
  static int address(int session) {
    return session * 0x9E3779B1;
  }

  private static VisitedTable sticky(String name, int sessions, NanoClock clock) {
    StickyTable table = Tables.of(name, StickySession.sourceIp(), sessions, clock);
    KeyHasher hasher = Environment.of(new byte[Environment.MIN_SECRET_BYTES]).hasher();
    for (int session = 0; session < sessions; session++) {
      table.bind(key(hasher, address(session)), null, name(session), true);
    }
    return address -> zero(table.lookup(key(hasher, address)));
  }

  /** Returns a clock that a thread advances until the process ends. */
  private static NanoClock coarseClock() {
    return NanoClock.coarse(
        Executors.newSingleThreadScheduledExecutor(work -> {
          Thread thread = new Thread(work, "clock");
          thread.setDaemon(true);
          return thread;
        }),
        Duration.ofMillis(10));
  }

  private static VisitedTable rawCaffeine(int sessions) {
    Cache<Integer, String> cache = Caffeine.newBuilder()
        .maximumSize(sessions)
        .expireAfterAccess(StickySession.DEFAULT_DURATION)
        .build();
    fill(cache.asMap(), sessions);
    return address -> zero(cache.getIfPresent(address));
  }

  private static VisitedTable rawMap(int sessions) {
    Map<Integer, String> map = new ConcurrentHashMap<>();
    fill(map, sessions);
    return address -> zero(map.get(address));
  }

  private static VisitedTable memoryFloor(int sessions) {
    long[] words =
        new Random(0).longs(Tables.capacity(sessions), 0, Long.MAX_VALUE).toArray();
    return address ->
        (int) (words[(int) ((Integer.toUnsignedLong(address) * words.length) >>> 32)] >>> 63);
  }

  private static void fill(Map<Integer, String> map, int sessions) {
    for (int session = 0; session < sessions; session++) {
      map.put(address(session), name(session));
    }
  }

  private static long key(KeyHasher hasher, int address) {
    return hasher.address(new byte[] {
      (byte) (address >>> 24), (byte) (address >>> 16), (byte) (address >>> 8), (byte) address
    });
  }

  private static String name(int session) {
    return NAMES.get(session % NAMES.size());
  }

  private static int zero(@Nullable String name) {
    return (name == null) ? MISS : name.length() - NAMES.get(0).length();
  }
}
