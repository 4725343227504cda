package dev.limpet.examples.gateway.net;

import dev.limpet.core.Backend;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Connects to each backend of a pool at an interval, which is also the timeout of a connect. A
 * backend is down after one failure at all of its addresses, and up after one success.
 */
public final class HealthChecks {

  private final Pool pool;
  private final Consumer<String> log;
  private final BackendAddresses addresses;
  private final NetClient client;
  private final Set<Backend> running = ConcurrentHashMap.newKeySet();

  private HealthChecks(
      Pool pool, Consumer<String> log, BackendAddresses addresses, NetClient client) {
    this.pool = pool;
    this.log = log;
    this.addresses = addresses;
    this.client = client;
  }

  /** Checks at once and then at an interval, until the engine is closed. */
  public static void start(Engine engine, Pool pool, Duration interval, Consumer<String> log) {
    int millis = Math.toIntExact(interval.toMillis());
    Vertx vertx = engine.vertx();
    NetClient client = vertx.createNetClient(new NetClientOptions().setConnectTimeout(millis));
    HealthChecks checks = new HealthChecks(pool, log, engine.addresses(), client);
    vertx.runOnContext(start -> checks.check());
    vertx.setPeriodic(millis, tick -> checks.check());
  }

  private void check() {
    for (Member member : pool.snapshot().members()) {
      check(member.backend());
    }
  }

  private void check(Backend backend) {
    if (running.add(backend)) {
      addresses.reach(backend, client::connect).onSuccess(NetSocket::close).onComplete(result -> {
        running.remove(backend);
        report(backend, result.succeeded());
      });
    }
  }

  private void report(Backend checked, boolean up) {
    if (differs(checked, up) && pool.report(checked, up)) {
      log.accept("backend " + pool.name() + "/" + checked.id() + " is " + (up ? "up" : "down"));
    }
  }

  /** Returns whether the check found another state than the pool has. */
  private boolean differs(Backend checked, boolean up) {
    Member member = pool.snapshot().member(checked.name());
    return member != null && member.down() == up;
  }
}
