package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.limpet.core.Picker.Purpose;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PickAllocationTest {
  private static final int PICKS = 20_000;
  private static final int WARM_UP_ROUNDS = 20;
  private static final List<Backend> BACKENDS =
      List.of(Routing.backend("a", 5), Routing.backend("b", 2));

  @ParameterizedTest
  @EnumSource
  void aTurnAllocatesNothing(Purpose purpose) {
    assertAllocatesNothing(new WeightedRoundRobin().picker(BACKENDS, List.of()), purpose);
  }

  @ParameterizedTest
  @EnumSource
  void aTurnOfTiedBackendsAllocatesNothing(Purpose purpose) {
    List<Load> loads = List.of(new Load(), new Load());
    IntStream.range(0, 4).forEach(i -> loads.get(0).acquire(0));
    IntStream.range(0, 1).forEach(i -> loads.get(1).acquire(0));

    assertAllocatesNothing(new WeightedLeastConnections().picker(BACKENDS, loads), purpose);
  }

  private static void assertAllocatesNothing(Picker picker, Purpose purpose) {
    assumeTrue(
        ManagementFactory.getThreadMXBean() instanceof ThreadMXBean bean
            && bean.isThreadAllocatedMemorySupported(),
        "this runtime does not measure allocation");
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    long least = Long.MAX_VALUE;
    for (int round = 0; round < WARM_UP_ROUNDS; round++) {
      long before = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      for (int i = 0; i < PICKS; i++) {
        picker.pick(KeyExtractor.NONE, purpose);
      }
      long after = bean.getThreadAllocatedBytes(Thread.currentThread().getId());
      least = Math.min(least, after - before);
    }

    assertThat((double) least / PICKS).isLessThan(1);
  }
}
