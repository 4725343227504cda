package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.Embedder.Request;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example of deploys.md does what that page says. */
class DeployExamplesTest extends ExampleFixture {
  private static final Duration LONG = Duration.ofMinutes(30);

  private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
  private final DeployExamples example = new DeployExamples(executor);
  private final StickyRouter<Request> router = StickyRouter.of(pool, byTenant());
  private final Backend web3 = Backend.of("web3", "10.0.0.23", 8080);

  @AfterEach
  void stop() {
    executor.shutdownNow();
  }

  @Test
  void aBackendWithASession_keepsItUntilItIsEmpty_andIsRemovedThen() {
    bindTo(router, web1, ofTenant("blue"));

    CompletionStage<Void> done = example.replace(router, "web1", web3, LONG);
    router.advanceDrains();
    Outcome meanwhile = router.route(ofTenant("blue")).outcome();
    router.unbind(ofTenant("blue"));
    router.advanceDrains();
    done.toCompletableFuture().join();

    assertThat(meanwhile).isEqualTo(Outcome.KEPT);
    assertThat(pool.snapshot().member("web1")).isNull();
    assertThat(pool.snapshot().member("web3")).isNotNull();
    assertThat(example.lines).singleElement().asString().startsWith("web1: DRAINED, ");
  }

  @Test
  void aSessionThatIsLeftAtTheDeadline_moves() {
    bindTo(router, web1, ofTenant("blue"));

    CompletionStage<Void> done = example.replace(router, "web1", web3, Duration.ZERO);
    router.advanceDrains();
    done.toCompletableFuture().join();
    router.route(ofTenant("blue"));

    assertThat(router.stats().count(Outcome.MOVED, Reason.BACKEND_GONE)).isEqualTo(1);
  }

  @Test
  void aBackendThatAnOperatorMadeReady_stays() {
    bindTo(router, web1, ofTenant("blue"));

    CompletionStage<Void> done = example.replace(router, "web1", web3, LONG);
    pool.change(edit -> edit.ready("web1"));
    router.advanceDrains();
    done.toCompletableFuture().join();

    assertThat(pool.snapshot().member("web1")).isNotNull();
    assertThat(example.lines).singleElement().asString().startsWith("web1: UNDRAINED, ");
  }
}
