package dev.limpet.examples.gateway.admin;

import dev.limpet.examples.gateway.config.AdminConfig;
import dev.limpet.examples.gateway.config.Secret;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** A port for operators of a gateway that does not serve, by a clock that tests advance. */
final class AdminScene implements AutoCloseable {
  static final String TOKEN = "S3cret-of-the-operator";
  static final Instant NOW = Instant.parse("2026-01-01T14:05:00Z");

  final FakeOperations operations;
  final AtomicLong nanos = new AtomicLong();
  final List<String> complaints = new CopyOnWriteArrayList<>();
  final AdminServer server;
  final AdminClient client;

  private AdminScene(FakeOperations operations, String token, Duration body, Duration interval)
      throws IOException {
    this.operations = operations;
    Time time = new Time(nanos::get, () -> NOW, ZoneOffset.UTC);
    Secret secret = (token == null) ? null : Secret.of(token.getBytes(StandardCharsets.US_ASCII));
    server = AdminServer.start(
        new AdminConfig("127.0.0.1", 0, secret),
        new NoMetrics(),
        operations,
        new Setup("test-console", time, body, interval, complaints::add));
    client = new AdminClient(server.port());
  }

  static AdminScene of(FakeOperations operations) throws IOException {
    return new AdminScene(operations, null, Duration.ofSeconds(10), Duration.ofMillis(20));
  }

  static AdminScene withToken() throws IOException {
    return new AdminScene(
        FakeOperations.open(), TOKEN, Duration.ofSeconds(10), Duration.ofMillis(20));
  }

  static AdminScene impatient() throws IOException {
    return new AdminScene(
        FakeOperations.open(), null, Duration.ofMillis(100), Duration.ofMillis(20));
  }

  void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  /** Waits until a condition holds, or fails. */
  static void until(Callable<Boolean> condition) throws Exception {
    long start = System.nanoTime();
    while (!condition.call()) {
      if (System.nanoTime() - start > Duration.ofSeconds(20).toNanos()) {
        throw new AssertionError("not within 20 s");
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
  }

  @Override
  public void close() {
    server.close();
  }

  /** Stands for the metrics. */
  private static final class NoMetrics implements AdminPage {
    @Override
    public Set<HttpMethod> methods() {
      return Set.of(HttpMethod.GET);
    }

    @Override
    public void answer(HttpServerRequest request, Map<String, String> names, Vertx vertx) {
      AdminAnswer.send(request, Reply.text(HttpResponseStatus.OK));
    }
  }
}
