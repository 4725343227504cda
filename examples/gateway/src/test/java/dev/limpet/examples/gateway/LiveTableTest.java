package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A table that is used while its durations change. */
@Timeout(60)
class LiveTableTest {
  private static final int CHANGES = 60;
  private static final int USERS = 3;
  private static final StickySession SESSION = StickySession.sourceIp();

  private final AtomicLong elapsed = new AtomicLong();
  private final LiveTable table = new LiveTable(SESSION, 100_000, elapsed::get);

  @Test
  void noBindAndNoUse_isLostToAChange() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(USERS);
    AtomicBoolean over = new AtomicBoolean();
    List<Future<Integer>> users = new ArrayList<>();
    try {
      for (int i = 0; i < USERS; i++) {
        long first = (i + 1L) << 40;
        users.add(threads.submit(() -> use(first, over)));
      }
      for (int i = 0; i < CHANGES; i++) {
        elapsed.addAndGet(Duration.ofSeconds(20).toNanos());
        table.change(SESSION.withDuration(Duration.ofMinutes(60 + i % 3)));
      }
      over.set(true);
      long bound = 0;
      for (Future<Integer> user : users) {
        bound += user.get(30, TimeUnit.SECONDS);
      }
      assertThat(table.bindings().values().stream().mapToLong(n -> n).sum()).isEqualTo(bound);
    } finally {
      threads.shutdownNow();
    }
  }

  /** Binds, moves, ends and finds sessions of its own. Returns how many it has at the end. */
  private int use(long first, AtomicBoolean over) {
    int kept = 0;
    for (long key = first; !over.get() && kept < 20_000; key += 977) {
      assertThat(table.bind(key, null, "a", true)).isEqualTo(Bound.stored("a"));
      assertThat(table.lookup(key)).isEqualTo("a");
      assertThat(table.bind(key, "a", "b", true)).isEqualTo(Bound.stored("b"));
      assertThat(table.peek(key)).isEqualTo("b");
      if (key % 3 == 0) {
        assertThat(table.unbind(key, "b")).isTrue();
        assertThat(table.lookup(key)).isNull();
      } else {
        kept++;
      }
    }
    return kept;
  }

  @Test
  void aUse_countsByTheNewDuration() {
    table.bind(1, null, "a", true);
    table.change(SESSION.withDuration(Duration.ofMinutes(5)));
    elapsed.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(table.lookup(1)).isEqualTo("a");
    elapsed.addAndGet(Duration.ofMinutes(4).toNanos());
    assertThat(table.tryChange(SESSION).bindings()).isEqualTo(1);
    assertThat(table.peek(1)).isEqualTo("a");
    elapsed.addAndGet(Duration.ofMinutes(2).toNanos());
    assertThat(table.peek(1)).isNull();
  }
}
