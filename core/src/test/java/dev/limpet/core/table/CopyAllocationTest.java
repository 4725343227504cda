package dev.limpet.core.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.core.StickySession;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The memory that a copy or a restore of a table takes while it runs. */
class CopyAllocationTest {
  private static final StickySession SESSION = StickySession.custom();
  private static final NanoClock CLOCK = () -> 0;
  private static final int CAPACITY = 100_000;
  private static final int BYTES_PER_BINDING = 24;

  @Test
  void theEndOfACopy_allocatesNoMoreThanItReads() throws Exception {
    CompactStickyTable table = CompactStickyTable.of(SESSION, CAPACITY, CLOCK);
    SplittableRandom keys = new SplittableRandom(1);
    for (int i = 0; i < CAPACITY * 9 / 10; i++) {
      table.bind(keys.nextLong() | 1, null, "a", true);
    }
    TableCopy copy = CompactStickyTable.of(
            SESSION.withDuration(Duration.ofMinutes(40)), CAPACITY, CLOCK)
        .beginCopy(table);

    assertThat(bytes(copy::finish)).isLessThan(CAPACITY * BYTES_PER_BINDING);
  }

  @Test
  void aRestore_allocatesNothingThatOnlyACopyNeeds() throws Exception {
    Environment environment = Environment.local();
    byte[] empty = CompactStickyTable.of(SESSION, 10).snapshot(environment);
    CompactStickyTable table = CompactStickyTable.of(SESSION, 10);
    Restored unused = table.restore(empty, environment);

    long bytes = bytes(() -> table.restore(empty, environment));

    assertThat(bytes).isLessThan(BindingWord.STAMPS * Integer.BYTES / 2);
  }

  private static long bytes(Work work) throws Exception {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
    work.run();
    return bean.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
  }

  @FunctionalInterface
  private interface Work {
    void run() throws Exception;
  }
}
