package dev.limpet.vertx;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Ejection;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.vertx.internal.backend.HttpCheck;
import dev.limpet.vertx.internal.net.EventLoops;
import dev.limpet.vertx.internal.net.HealthCheck;
import dev.limpet.vertx.internal.net.TcpCheck;
import dev.limpet.vertx.internal.net.Waits;
import io.vertx.core.AsyncResult;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks each backend of a pool at an interval, and reports to the pool which are up. A backend is
 * down after some failed checks in a row, and up again after some successes in a row. Backends that
 * join the pool are checked as well.
 *
 * <pre>{@code
 * HealthChecks checks = HealthChecks.builder(connector, pool)
 *     .http("/health")
 *     .interval(Duration.ofSeconds(5))
 *     .start();
 * }</pre>
 *
 * <p>A check by HTTP that succeeds also ends an {@linkplain dev.limpet.core.PassiveHealth ejection}
 * that began before it, after the same number of successes. One that only connects does not,
 * because a server that hangs accepts connections. The checks of a pool run on one event loop.
 */
public final class HealthChecks implements AutoCloseable {
  private final Vertx vertx;
  private final Pool pool;
  private final HealthCheck check;
  private final int rise;
  private final int fall;
  private final Consumer<String> log;
  private final Map<Backend, Streak> streaks = new HashMap<>();
  private volatile boolean isClosed;

  private HealthChecks(Builder builder) {
    this.vertx = builder.connector.network().vertx();
    this.pool = builder.pool;
    this.check = builder.check();
    this.rise = builder.rise;
    this.fall = builder.fall;
    this.log = builder.log;
  }

  /**
   * {@return a builder of checks that only connect, unless a page is set}
   *
   * @param connector reaches the backends
   * @param pool the backends
   */
  public static Builder builder(BackendConnector connector, Pool pool) {
    return new Builder(connector, pool);
  }

  /** Starts no further check, and ignores the results of those under way. For any thread. */
  @Override
  public void close() {
    isClosed = true;
  }

  private void start(long intervalMillis) {
    ((VertxInternal) vertx).createEventLoopContext().runOnContext(start -> {
      vertx.setPeriodic(intervalMillis, this::tick);
      check();
    });
  }

  private void tick(long timer) {
    if (isClosed) {
      vertx.cancelTimer(timer);
    } else {
      check();
    }
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
    boolean isSure = streak.length >= (up ? rise : fall);
    Member member = pool.snapshot().member(checked.name());
    if (!isSure || member == null || isClosed) {
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

  /** Settings of {@link HealthChecks}. Not for use by several threads at once. */
  public static final class Builder {
    private static final int MAX_STREAK = 1000;

    private final BackendConnector connector;
    private final Pool pool;
    private @Nullable String path;
    private String userAgent = "limpet";
    private IntPredicate healthy = status -> status >= 200 && status <= 399;
    private String expected = "200-399";
    private int intervalMillis = 5000;
    private int timeoutMillis = 2000;
    private int rise = 2;
    private int fall = 3;
    private Consumer<String> log = line -> {};

    private Builder(BackendConnector connector, Pool pool) {
      this.connector = requireNonNull(connector, "connector");
      this.pool = requireNonNull(pool, "pool");
    }

    /**
     * Asks each backend for a page, over TLS if its scheme is https. The backend fails if it does
     * not respond with an expected status in time. Redirects are not followed, and no body is read.
     * Needs event loops of {@link io.vertx.core.transport.Transport#NIO}.
     *
     * @param path the target of the request: a path, with or without a query
     * @return this builder
     * @throws FaultException if the path does not begin with a slash or has characters other than
     *     visible ASCII
     */
    public Builder http(String path) {
      if (!path.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
        throw new FaultException(Fault.of("path", path, "a path such as /health"));
      }
      this.path = path;
      return this;
    }

    /**
     * Sets the statuses of a healthy backend. Default 200-399.
     *
     * @param expected their description, for messages
     * @param healthy tells whether a status is one of them
     * @return this builder
     */
    public Builder statuses(String expected, IntPredicate healthy) {
      this.expected = requireNonNull(expected, "expected");
      this.healthy = requireNonNull(healthy, "healthy");
      return this;
    }

    /**
     * Sets the {@code User-Agent} of checks by HTTP. Default {@code limpet}.
     *
     * @param userAgent the field's value
     * @return this builder
     */
    public Builder userAgent(String userAgent) {
      this.userAgent = requireNonNull(userAgent, "userAgent");
      return this;
    }

    /**
     * Sets the interval between two checks of a backend. Default 5 s. A check that takes longer is
     * followed by the next one at the interval after it.
     *
     * @param interval from a millisecond to 24 days
     * @return this builder
     * @throws FaultException if the interval is out of range
     */
    public Builder interval(Duration interval) {
      this.intervalMillis = Waits.millis("interval", interval);
      return this;
    }

    /**
     * Sets how long a check may take: one that only connects, to each address; one by HTTP, up to
     * the head of the response. Default 2 s.
     *
     * @param timeout from a millisecond to 24 days
     * @return this builder
     * @throws FaultException if the timeout is out of range
     */
    public Builder timeout(Duration timeout) {
      this.timeoutMillis = Waits.millis("timeout", timeout);
      return this;
    }

    /**
     * Sets how many checks in a row must succeed until a backend that is down counts as up. Default
     * 2.
     *
     * @param checks 1..1,000
     * @return this builder
     * @throws FaultException if the number is out of range
     */
    public Builder rise(int checks) {
      this.rise = streak("rise", checks);
      return this;
    }

    /**
     * Sets how many checks in a row must fail until a backend that is up counts as down. Default 3.
     *
     * @param checks 1..1,000
     * @return this builder
     * @throws FaultException if the number is out of range
     */
    public Builder fall(int checks) {
      this.fall = streak("fall", checks);
      return this;
    }

    /**
     * Sets what receives a line for each backend that goes down or up. Default nothing.
     *
     * @param log called on the event loop of the checks
     * @return this builder
     */
    public Builder log(Consumer<String> log) {
      this.log = requireNonNull(log, "log");
      return this;
    }

    /**
     * Checks all backends at once, and then at the interval, until the checks or Vert.x are closed.
     *
     * @return the running checks
     * @throws IllegalStateException if a page is set and the event loops are those of another
     *     transport than NIO
     */
    public HealthChecks start() {
      HealthChecks checks = new HealthChecks(this);
      checks.start(intervalMillis);
      return checks;
    }

    private HealthCheck check() {
      if (path == null) {
        return new TcpCheck(connector.network(), timeoutMillis);
      }
      if (!EventLoops.areNio(connector.network().vertx())) {
        throw new IllegalStateException("vertx: with another transport (expected: NIO)");
      }
      HttpCheck.Page page = new HttpCheck.Page(path, userAgent, healthy, expected);
      return new HttpCheck(connector.network(), page, timeoutMillis);
    }

    private static int streak(String setting, int checks) {
      if (checks < 1 || checks > MAX_STREAK) {
        throw new FaultException(Fault.of(setting, checks, "1.." + MAX_STREAK));
      }
      return checks;
    }
  }
}
