package dev.limpet.examples.fleet;

import dev.limpet.examples.gateway.demo.DemoBackend;
import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Three gateways in front of four backends, and a Redis. For one thread at a time. */
final class Fleet implements AutoCloseable {
  /** The listener and the pool of sessions by app cookie. */
  static final String APP = "app";

  /** The listener and the pool of sessions by source IP. */
  static final String TCP = "tcp";

  private static final String REDIS_IS_REACHABLE = "Redis is reachable";
  private static final int GATEWAYS = 3;
  private static final int SECRET_BYTES = 32;

  // The deadline is longer than recommended, because all these processes share one machine.
  private static final String YAML = """
      keySecret: "%1$s"
      listeners:
        - {name: app, protocol: http, port: 0, pool: app}
        - {name: tcp, protocol: tcp, port: 0, pool: tcp}
      pools:
        - name: app
          stickySession: {type: app-cookie, cookieName: DEMOSESSION}
          sharedTable: {redis: "redis://127.0.0.1:%2$d", deadline: 500ms}
          backends: [%3$s]
        - name: tcp
          stickySession: {type: source-ip}
          sharedTable: {redis: "redis://127.0.0.1:%2$d", deadline: 500ms}
          backends: [%4$s]
      """;

  private static final List<String> SMALL =
      List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final String secret = secret();
  private final Path folder = Files.createTempDirectory("limpet-fleet");
  private final List<DemoBackend> backends = new ArrayList<>();
  private final List<GatewayProcess> gateways = new ArrayList<>();
  private final Thread killer = new Thread(this::killAll, "killer");
  private @Nullable RedisProcess redis;

  private Fleet() throws IOException {
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts a fleet, and waits until it serves requests.
   *
   * @param redisServer the program; null for the one that comes with this example
   * @throws IOException if it cannot be started
   */
  static Fleet start(@Nullable File redisServer) throws IOException, InterruptedException {
    Fleet fleet = new Fleet();
    try {
      fleet.run(RedisProcess.start(redisServer));
      return fleet;
    } catch (IOException | InterruptedException e) {
      fleet.close();
      throw e;
    }
  }

  List<GatewayProcess> gateways() {
    return List.copyOf(gateways);
  }

  List<String> backends() {
    return backends.stream().map(DemoBackend::name).toList();
  }

  void killRedis() throws InterruptedException {
    redis().kill();
  }

  /** Starts an empty Redis, and waits until all gateways have connected to it. */
  void startRedis() throws IOException, InterruptedException {
    List<Long> before =
        gateways.stream().map(one -> one.said(REDIS_IS_REACHABLE)).toList();
    redis().start();
    for (int i = 0; i < GATEWAYS; i++) {
      gateways.get(i).await(REDIS_IS_REACHABLE, before.get(i) + 1);
    }
  }

  /** Kills a gateway, starts it again, and waits until it listens. */
  GatewayProcess restart(GatewayProcess old) throws IOException, InterruptedException {
    old.kill();
    int at = gateways.indexOf(old);
    GatewayProcess fresh = GatewayProcess.start(old.name(), file(at), SMALL);
    gateways.set(at, fresh);
    fresh.await("listening tcp", 1);
    return fresh;
  }

  /** Drains a backend in both pools. */
  void drain(String backend) throws IOException, InterruptedException {
    write(backend);
    await(backend + ".drain: false -> true");
  }

  /** Removes a backend from both pools. */
  void remove(String backend) throws IOException, InterruptedException {
    backends.stream().filter(one -> one.name().equals(backend)).forEach(DemoBackend::close);
    backends.removeIf(one -> one.name().equals(backend));
    write("");
    await(backend + ": removed");
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(killer);
    backends.forEach(DemoBackend::close);
    deleteFiles();
  }

  private void run(RedisProcess started) throws IOException, InterruptedException {
    redis = started;
    Stream.of("web1", "web2", "web3", "web4").map(DemoBackend::start).forEach(backends::add);
    write("");
    for (int i = 0; i < GATEWAYS; i++) {
      gateways.add(GatewayProcess.start("gateway " + (i + 1), file(i), SMALL));
    }
    for (GatewayProcess gateway : gateways) {
      gateway.await("listening tcp", 1);
      gateway.await(REDIS_IS_REACHABLE, 1);
    }
  }

  private void await(String change) throws IOException, InterruptedException {
    for (GatewayProcess gateway : gateways) {
      gateway.await("pools." + APP + ".backends." + change, 1);
      gateway.await("pools." + TCP + ".backends." + change, 1);
    }
  }

  private RedisProcess redis() {
    if (redis == null) {
      throw new IllegalStateException("redis: not started");
    }
    return redis;
  }

  private Path file(int gateway) {
    return folder.resolve("gateway" + (gateway + 1) + ".yaml");
  }

  private void write(String draining) throws IOException {
    String yaml = YAML.formatted(
        secret,
        redis().port(),
        entries(draining, DemoBackend::httpPort),
        entries(draining, DemoBackend::tcpPort));
    for (int i = 0; i < GATEWAYS; i++) {
      Files.writeString(file(i), yaml);
    }
  }

  private String entries(String draining, ToIntFunction<DemoBackend> port) {
    return backends.stream()
        .map(one -> "{id: %s, address: \"127.0.0.1:%d\", drain: %b}"
            .formatted(one.name(), port.applyAsInt(one), one.name().equals(draining)))
        .collect(Collectors.joining(", "));
  }

  private void killAll() {
    gateways.forEach(GatewayProcess::close);
    if (redis != null) {
      redis.close();
    }
  }

  private void deleteFiles() {
    for (int i = 0; i < GATEWAYS; i++) {
      file(i).toFile().delete();
    }
    folder.toFile().delete();
  }

  private static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
