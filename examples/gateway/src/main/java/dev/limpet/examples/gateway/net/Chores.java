package dev.limpet.examples.gateway.net;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Work to be done at intervals. Safe for use by many threads at once. */
public final class Chores {
  private final Vertx vertx;
  private final Consumer<String> complaints;

  /**
   * Makes the chores of a gateway. They end when Vert.x is closed.
   *
   * @param complaints receives a line for each exception that some work throws
   */
  public Chores(Vertx vertx, Consumer<String> complaints) {
    this.vertx = vertx;
    this.complaints = complaints;
  }

  /**
   * Does some work after each interval, on a thread that may block, and whatever other work takes.
   * Work that is still being done when an interval ends is not begun a second time.
   *
   * @return the chore, to be cancelled
   */
  public Chore every(Duration interval, Runnable work) {
    AtomicBoolean busy = new AtomicBoolean();
    long timer = vertx.setPeriodic(Math.max(1, interval.toMillis()), tick -> {
      if (busy.compareAndSet(false, true)) {
        begin(work, busy);
      }
    });
    return new Chore(vertx, timer);
  }

  private void begin(Runnable work, AtomicBoolean busy) {
    Future<Void> unused = vertx
        .<Void>executeBlocking(
            () -> {
              work.run();
              return null;
            },
            false)
        .onFailure(thrown -> complaints.accept("unexpected: " + thrown))
        .onComplete(done -> busy.set(false));
  }

  /** Work that is done at intervals. */
  public static final class Chore {
    private final Vertx vertx;
    private final long timer;

    private Chore(Vertx vertx, long timer) {
      this.vertx = vertx;
      this.timer = timer;
    }

    /** Stops the chore. Work that is being done is completed. */
    public void cancel() {
      boolean unused = vertx.cancelTimer(timer);
    }
  }
}
