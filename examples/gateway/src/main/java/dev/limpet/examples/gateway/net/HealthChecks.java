package dev.limpet.examples.gateway.net;

import dev.limpet.core.Backend;
import dev.limpet.core.Ejection;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.examples.gateway.config.HealthCheckConfig;
import io.vertx.core.AsyncResult;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks each backend of a pool at an interval. A backend is down after some failures in a row, and
 * up again after some successes in a row. These also end an ejection if the check is end to end. For
 * one event loop.
 */
public final class HealthChecks {
  private final Pool pool;
  private final HealthCheckConfig config;
  private final HealthCheck check;
  private final Consumer<String> log;
  private final Map<Backend, Streak> streaks = new HashMap<>();

  private HealthChecks(
      Pool pool, HealthCheckConfig config, HealthCheck check, Consumer<String> log) {
    this.pool = pool;
    this.config = config;
    this.check = check;
    this.log = log;
  }

  /** Checks at once and then at an interval, until the engine is closed. */
  public static void start(
      Engine engine, Pool pool, HealthCheckConfig config, HealthCheck check, Consumer<String> log) {
    HealthChecks checks = new HealthChecks(pool, config, check, log);
    engine.vertx().getOrCreateContext().runOnContext(start -> {
      checks.check();
      engine.vertx().setPeriodic(config.interval().toMillis(), tick -> checks.check());
    });
  }

  private void check() {
    Map<Backend, Streak> present = pool.snapshot().members().stream()
        .map(Member::backend)
        .collect(Collectors.toMap(one -> one, this::streak));
    streaks.clear();
    streaks.putAll(present);
    streaks.forEach(this::check);
  }

  private Streak streak(Backend backend) {
    return streaks.getOrDefault(backend, new Streak());
  }

  private void check(Backend backend, Streak streak) {
    if (!streak.isRunning) {
      streak.isRunning = true;
      Member member = pool.snapshot().member(backend.name());
      streak.begin((member == null) ? null : member.ejection());
      check.check(backend).onComplete(result -> {
        streak.isRunning = false;
        streak.count(result.succeeded());
        report(backend, streak, result);
      });
    }
  }

  private void report(Backend checked, Streak streak, AsyncResult<Void> result) {
    boolean up = result.succeeded();
    boolean isSure = streak.length >= (up ? config.rise() : config.fall());
    Member member = pool.snapshot().member(checked.name());
    if (!isSure || member == null) {
      return;
    }
    boolean isChange = member.down() == up;
    boolean isBack = up && check.isEndToEnd() && streak.follows(member.ejection());
    if ((isChange || isBack) && pool.report(checked, up) && isChange) {
      log.accept("backend " + pool.name() + "/" + checked.id() + " is "
          + (up ? "up" : "down" + why(result)));
    }
  }

  private String why(AsyncResult<Void> failure) {
    return check.isEndToEnd() ? ": " + failure.cause().getMessage() : "";
  }

  /** The latest results of a backend that are the same. */
  private static final class Streak {
    private boolean isRunning;
    private boolean isUp;
    private int length;
    private @Nullable Ejection ejection;

    /** Starts over with an ejection, as the successes before it did not prevent it. */
    void begin(@Nullable Ejection present) {
      if (present != null && present != ejection && isUp) {
        length = 0;
      }
      ejection = present;
    }

    /** Returns whether the latest check began after a present ejection did. */
    boolean follows(@Nullable Ejection present) {
      return present != null && present == ejection;
    }

    void count(boolean up) {
      length = (up == isUp) ? Math.min(length, Integer.MAX_VALUE - 1) + 1 : 1;
      isUp = up;
    }
  }
}
