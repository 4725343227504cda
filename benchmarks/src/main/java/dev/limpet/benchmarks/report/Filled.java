package dev.limpet.benchmarks.report;

import com.github.benmanes.caffeine.cache.Caffeine;
import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.CompactStickyTable;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;

/** The tables whose memory is measured, each with a number of live sessions. */
enum Filled {
  COMPACT_75("compact", 75),
  COMPACT_90("compact", 90),
  CAFFEINE("caffeine", 0) {
    @Override
    Object with(int sessions) {
      return bound(CaffeineStickyTable.of(StickySession.sourceIp(), sessions), sessions);
    }
  },
  RAW_CAFFEINE_STRING("rawCaffeine, String of 36", 0) {
    @Override
    Object with(int sessions) {
      return put(caffeine(sessions), sessions, Filled::uuid);
    }
  },
  RAW_CAFFEINE_ADDRESS("rawCaffeine, InetAddress", 0) {
    @Override
    Object with(int sessions) {
      return put(caffeine(sessions), sessions, Filled::address);
    }
  },
  RAW_CHM_STRING("rawChm, String of 36", 0) {
    @Override
    Object with(int sessions) {
      return put(new ConcurrentHashMap<>(), sessions, Filled::uuid);
    }
  },
  RAW_CHM_ADDRESS("rawChm, InetAddress", 0) {
    @Override
    Object with(int sessions) {
      return put(new ConcurrentHashMap<>(), sessions, Filled::address);
    }
  };

  private static final int SEED = 42;
  private static final int BACKENDS = 10;

  private final String table;
  private final int percent;

  Filled(String table, int percent) {
    this.table = table;
    this.percent = percent;
  }

  String table() {
    return (percent == 0) ? table : table + ", " + percent + " % load";
  }

  /** Returns the table with this number of live sessions. */
  Object with(int sessions) {
    long capacity = (sessions * 100L + percent - 1) / percent;
    return bound(CompactStickyTable.of(StickySession.sourceIp(), capacity), sessions);
  }

  /** Offers new sessions until this number of them has found a slot. */
  private static StickyTable bound(StickyTable table, int sessions) {
    SplittableRandom keys = new SplittableRandom(SEED);
    int bound = 0;
    while (bound < sessions) {
      Bound offered = table.bind(keys.nextLong() | 1, null, backend(bound), true);
      if (offered.status() == Bound.Status.STORED) {
        bound++;
      }
    }
    return table;
  }

  private static <K> Map<K, String> put(
      ConcurrentMap<K, String> map, int sessions, IntFunction<K> key) {
    for (int i = 0; i < sessions; i++) {
      map.put(key.apply(i), backend(i));
    }
    if (map.size() != sessions) {
      throw new IllegalStateException("sessions: " + map.size() + " (expected: " + sessions + ")");
    }
    return map;
  }

  /** Returns a cache without a thread, so that its object graph does not reach one. */
  private static <K> ConcurrentMap<K, String> caffeine(int sessions) {
    return Caffeine.newBuilder()
        .maximumSize(sessions)
        .expireAfterAccess(StickySession.DEFAULT_DURATION)
        .executor(Runnable::run)
        .<K, String>build()
        .asMap();
  }

  private static String backend(int session) {
    return ("web" + session % BACKENDS).intern();
  }

  private static String uuid(int session) {
    SplittableRandom bits = new SplittableRandom(session);
    return new UUID(bits.nextLong(), bits.nextLong()).toString();
  }

  private static InetAddress address(int session) {
    try {
      return InetAddress.getByAddress(ByteBuffer.allocate(4).putInt(session).array());
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
