package dev.limpet.vertx.internal.http;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How long a backend may keep a request waiting that it could answer. For one event loop. */
final class AnswerDeadline {
  private final EventLoop loop;
  private final @Nullable Duration limit;
  private final Runnable passed;
  private @Nullable Future<?> alarm;

  /**
   * Makes a deadline that does not run yet.
   *
   * @param limit how long it runs; null for ever
   * @param passed is run when it has passed
   */
  AnswerDeadline(EventLoop loop, @Nullable Duration limit, Runnable passed) {
    this.loop = loop;
    this.limit = limit;
    this.passed = passed;
  }

  /** Lets the backend have the whole time from now on. */
  void start() {
    if (limit != null) {
      stop();
      alarm = loop.schedule(passed, limit.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Lets the backend have any time from now on. */
  void stop() {
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }
}
