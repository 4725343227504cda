package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Drained;
import dev.limpet.core.StickyRouter;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/** The example of {@code docs/deploys.md}. */
final class DeployExamples extends Embedder {
  private static final Set<Drained.Result> OVER =
      Set.of(Drained.Result.DRAINED, Drained.Result.DEADLINE_PASSED);

  private final ScheduledExecutorService executor;

  DeployExamples(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  CompletionStage<Void> replace(
      StickyRouter<Request> router, String id, Backend successor, Duration deadline) {
    router.pool().change(edit -> edit.add(successor)); // first, so that it takes the new sessions
    return router.drain(id, deadline, executor).thenAccept(drained -> {
      log.info("{}: {}", id, drained);
      if (OVER.contains(drained.result())) { // otherwise, an operator was faster
        router.pool().change(edit -> edit.remove(id)); // sessions that are left move
      }
    });
  }
}
