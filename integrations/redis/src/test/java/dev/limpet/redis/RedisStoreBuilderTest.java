package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.shared.SharedTable;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a store is made, and what it says of itself, without a server. */
class RedisStoreBuilderTest {
  private static final int NOWHERE = 1;

  private final StoreScene scene = StoreScene.at(NOWHERE);

  @AfterEach
  void close() {
    scene.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT10.001S", "PT1H"})
  void deadlineOutOfRange_isRefused(String deadline) {
    assertThatThrownBy(() -> scene.builder().deadline(Duration.parse(deadline)))
        .isInstanceOf(FaultException.class)
        .hasMessage("deadline: " + deadline + " (expected: > PT0S, <= PT10S)");
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 1_000_001})
  void maxInFlightOutOfRange_isRefused(int calls) {
    assertThatThrownBy(() -> scene.builder().maxInFlight(calls))
        .isInstanceOf(FaultException.class)
        .hasMessage("maxInFlight: " + calls + " (expected: 1..1000000)");
  }

  @Test
  void limitsThemselves_areAccepted() {
    scene.builder().deadline(Duration.ofNanos(1)).maxInFlight(1).build();
    scene.builder().deadline(Duration.ofSeconds(10)).maxInFlight(1_000_000).build();
  }

  @Test
  void poolThatNoKeyCanName_isRefusedAtOnce() {
    assertThatThrownBy(() -> RedisStore.builder(scene.link, "a{b}"))
        .isInstanceOf(FaultException.class)
        .hasMessageStartingWith("pool: \"a{b}\"");
  }

  @Test
  void text_namesThePool() {
    assertThat(scene.builder().build()).hasToString("RedisStore[web]");
  }

  @Test
  void changesThatAreNeitherToldNorRemembered_areCountedInTheStats() {
    RedisStore store = scene.builder().build();
    StickyRouter<Long> router = StickyRouter.of(
        Pool.of("web", Backend.of("a", "10.0.0.1", 1), Backend.of("b", "10.0.0.1", 2)),
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .environment(StoreScene.ENVIRONMENT)
            .table(SharedTable.builder(store).capacity(100)::build)
            .build());

    LongStream.range(0, 150).forEach(router::routeAsync);

    assertThat(router.stats().count(Reason.STORE_UNAVAILABLE)).isEqualTo(150);
    assertThat(store.stats().untold()).isEqualTo(50);
    assertThat(store.stats().count(StoreFault.NOT_CONNECTED)).isGreaterThanOrEqualTo(150);
    assertThat(store.stats().toString()).contains("NOT_CONNECTED ").endsWith(", untold 50");
  }
}
