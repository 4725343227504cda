package dev.limpet.examples.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Two gateways that share a Redis, with pools and listeners of the same names. */
final class Pair implements AutoCloseable {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  final TestRedis redis;
  final TestGateway one;
  final TestGateway other;

  /**
   * Starts both, and waits until they reach Redis.
   *
   * @param pools the pools
   * @param deadline how long a gateway waits for Redis
   */
  Pair(List<Pool> pools, String deadline, TestBackend... backends) throws Exception {
    this.redis = new TestRedis();
    this.one = start(pools, deadline, backends);
    this.other = start(pools, deadline, backends);
    for (TestGateway gateway : List.of(one, other)) {
      Wait.until(() ->
          gateway.console().said().stream().anyMatch(line -> line.endsWith("Redis is reachable")));
    }
  }

  /** A pool, and a listener of its name. */
  record Pool(String name, String protocol, String sticky) {}

  private TestGateway start(List<Pool> pools, String deadline, TestBackend... backends)
      throws IOException {
    List<String> lines = new ArrayList<>(List.of("profile: open", "stopTimeout: 0s", "listeners:"));
    for (Pool pool : pools) {
      lines.add("  - {name: " + pool.name() + ", protocol: " + pool.protocol() + ", port: 0, pool: "
          + pool.name() + "}");
    }
    lines.add("pools:");
    for (Pool pool : pools) {
      lines.add("  - name: " + pool.name());
      lines.add("    stickySession: " + pool.sticky());
      lines.add("    sharedTable: {redis: \"" + redis.uri() + "\", deadline: " + deadline + "}");
      lines.add("    backends: [" + String.join(", ", TestGateway.entries(backends)) + "]");
    }
    lines.add("keySecret: " + SECRET);
    return TestGateway.of(String.join("\n", lines) + '\n');
  }

  @Override
  public void close() {
    one.close();
    other.close();
    redis.close();
  }
}
