package dev.limpet.core;

import static java.util.Objects.requireNonNull;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An executor that repeats the one task that it is given whenever the test says so, until the task
 * is cancelled.
 */
public final class ManualTicker {
  private @Nullable Runnable task;
  private @Nullable Duration period;
  private boolean cancelled;

  /** {@return the executor, of which only {@code scheduleWithFixedDelay} works} */
  public ScheduledExecutorService executor() {
    return (ScheduledExecutorService) Proxy.newProxyInstance(
        ManualTicker.class.getClassLoader(),
        new Class<?>[] {ScheduledExecutorService.class},
        (proxy, method, arguments) -> {
          task = (Runnable) arguments[0];
          period = Duration.of((long) arguments[2], ((TimeUnit) arguments[3]).toChronoUnit());
          return future();
        });
  }

  /** Runs the task once, unless it has been cancelled. */
  public void tick() {
    if (!cancelled) {
      task().run();
    }
  }

  public Runnable task() {
    return requireNonNull(task);
  }

  public boolean isCancelled() {
    return cancelled;
  }

  public Duration period() {
    return requireNonNull(period);
  }

  private ScheduledFuture<?> future() {
    return (ScheduledFuture<?>) Proxy.newProxyInstance(
        ManualTicker.class.getClassLoader(),
        new Class<?>[] {ScheduledFuture.class},
        (proxy, method, arguments) -> {
          cancelled |= method.getName().equals("cancel");
          return new FutureTask<>(() -> null).cancel(false);
        });
  }
}
