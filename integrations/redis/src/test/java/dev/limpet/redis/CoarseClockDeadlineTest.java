package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.NanoClock;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.Retention;
import dev.limpet.shared.StoreAnswer;
import dev.limpet.shared.Wait;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Deadlines are shorter than a coarse clock may be behind, so they do not go by it. */
class CoarseClockDeadlineTest {
  private static final NanoClock STALLED = new NanoClock() {
    @Override
    public long nanos() {
      return 0;
    }

    @Override
    public Duration resolution() {
      return Duration.ofMillis(100);
    }
  };

  private static final BindingStore.Listener NOBODY = new BindingStore.Listener() {
    @Override
    public void changed(long key, int version) {}

    @Override
    public void reconnected() {}
  };

  @Test
  void aCallIsGivenUpInTime_whereTheClockOfSessionsStalls() throws Exception {
    try (RedisProcess server = RedisProcess.running();
        FaultProxy proxy = new FaultProxy(server.port());
        StoreScene scene = StoreScene.connected(proxy.port())) {
      proxy.holdRequests();
      Environment environment = StoreScene.ENVIRONMENT.withClock(STALLED);
      BindingStore.Bindings bindings =
          scene.builder().build().open(Retention.of(StoreScene.SLIDING), environment, NOBODY);

      assertThat(Wait.of(bindings.find(1))).isEqualTo(StoreAnswer.UNAVAILABLE);
    }
  }
}
