package dev.limpet.vertx.internal.net;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Brings stages that other threads complete back to the event loop. */
public final class Stages {

  private Stages() {}

  /**
   * Returns a future that completes as a stage does, on the context of the caller; at once if the
   * stage has completed.
   */
  public static <T> Future<T> here(CompletionStage<T> stage) {
    CompletableFuture<T> future = stage.toCompletableFuture();
    return (future.isDone() && !future.isCompletedExceptionally())
        ? Future.succeededFuture(future.join())
        : Future.fromCompletionStage(stage, Vertx.currentContext());
  }

  /** Returns a future that completes as a stage does, on a context. */
  public static <T> Future<T> on(Context context, CompletionStage<T> stage) {
    return Future.fromCompletionStage(stage, context);
  }
}
