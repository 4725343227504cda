package dev.limpet.vertx.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StagesTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void aStageThatHasCompleted_goesOnAtOnce() throws Exception {
    CompletableFuture<List<String>> order = new CompletableFuture<>();
    vertx.runOnContext(start -> {
      List<String> seen = new ArrayList<>();
      Stages.here(CompletableFuture.completedStage("answer")).onSuccess(seen::add);
      seen.add("next");
      order.complete(seen);
    });
    assertThat(order.get(5, TimeUnit.SECONDS)).containsExactly("answer", "next");
  }

  @Test
  void aStageThatAnotherThreadCompletes_goesOnWhereItWasAskedFor() throws Exception {
    CompletableFuture<String> stage = new CompletableFuture<>();
    CompletableFuture<Context> asked = new CompletableFuture<>();
    CompletableFuture<Context> answered = new CompletableFuture<>();
    vertx.runOnContext(start -> {
      Stages.here(stage).onSuccess(answer -> answered.complete(Vertx.currentContext()));
      asked.complete(Vertx.currentContext());
    });
    Context context = asked.get(5, TimeUnit.SECONDS);
    stage.complete("answer");
    assertThat(answered.get(5, TimeUnit.SECONDS)).isSameAs(context);
  }
}
