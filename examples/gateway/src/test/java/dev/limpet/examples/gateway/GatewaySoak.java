package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.demo.GatewayProcess;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A gateway in a small heap that serves 2,000 connections, while its backends are killed one after
 * the other and clients attack it, for as many minutes as the system property {@code soak.minutes}
 * says.
 */
class GatewaySoak {
  private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("soak.minutes", 10));
  private static final int ADDRESSES = 20;
  private static final int USERS_EACH = 100;
  private static final long HEAP_GROWTH = 4 << 20;
  private static final List<String> POOLS = List.of("lb", "app", "ip");
  private static final String YAML = """
      profile: open
      listeners:
        - {name: lb, protocol: http, port: 0, pool: lb, clientTimeout: 5s}
        - {name: app, protocol: http, port: 0, pool: app, clientTimeout: 5s}
        - {name: ip, protocol: http, port: 0, pool: ip, clientTimeout: 5s}
      pools:
        - name: lb
          stickySession: {type: lb-cookie}
          healthCheck: {interval: 2s}
          backends: [BACKENDS]
        - name: app
          stickySession: {type: app-cookie, cookieName: SID}
          healthCheck: {interval: 2s}
          backends: [BACKENDS]
        - name: ip
          stickySession: {type: source-ip}
          healthCheck: {interval: 2s}
          backends: [BACKENDS]
      """;

  private final List<BackendProcess> backends = new ArrayList<>();
  private final ExecutorService killing = Executors.newSingleThreadExecutor();
  private final long start = System.nanoTime();
  private GatewayProcess gateway;
  private Visitors visitors;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    for (int i = 1; i <= 4; i++) {
      backends.add(BackendProcess.start("b" + i));
    }
    String entries = backends.stream().map(BackendProcess::entry).collect(Collectors.joining(", "));
    Path yaml =
        Files.writeString(folder.resolve("gateway.yaml"), YAML.replace("BACKENDS", entries));
    gateway = GatewayProcess.start(
        "gateway", yaml, List.of("-Xmx192m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"));
    gateway.await("listening http", POOLS.size());
    visitors = new Visitors(backends);
  }

  @AfterEach
  void stop() {
    killing.shutdownNow();
    visitors.close();
    gateway.close();
    backends.forEach(BackendProcess::close);
  }

  @Test
  void attacksAndKilledBackends_moveOnlySessionsOfTheKilled_andTakeNoHeap() throws Exception {
    for (int i = 0; i < ADDRESSES; i++) {
      visitors.come(USERS_EACH, "127.0.88." + (1 + i), gateway.port(POOLS.get(i % POOLS.size())));
      visitors.awaitAnswers();
    }
    Attacks attacks = new Attacks(gateway.port("lb"), backends);
    attack(attacks);
    Future<Integer> killer = killing.submit(this::killUntilTheEnd);
    List<Long> live = new ArrayList<>();
    do {
      attack(attacks);
      live.add(LiveObjects.bytes(gateway.pid()));
    } while (!over());
    int kills = killer.get();
    visitors.awaitAnswers();

    System.out.printf(
        "%,d answers, %d backends killed, %,d moves, requests cut %s, %,d troubles, live objects"
            + " after each round of attacks: %s bytes%n",
        visitors.requests(), kills, visitors.moves(), visitors.cut(), visitors.troubles(), live);
    assertThat(visitors.shown()).as("moves and failures without a reason").isEmpty();
    assertThat(visitors.moves()).isPositive();
    assertThat(gateway.said("is down")).isEqualTo((long) kills * POOLS.size());
    assertThat(gateway.said("unexpected")).isZero();
    assertThat(live.get(live.size() - 1) - live.get(0))
        .as("growth of the heap")
        .isLessThan(HEAP_GROWTH);
  }

  private void attack(Attacks attacks) throws Exception {
    List<Socket> halfOpen = attacks.halfOpen();
    visitors.awaitAnswers();
    attacks.masses();
    attacks.longHeaders();
    attacks.namedByConnection();
    visitors.awaitAnswers();
    attacks.slowHeaders();
    attacks.assertClosed(halfOpen);
    visitors.awaitAnswers();
  }

  /** Returns how many. */
  private int killUntilTheEnd() throws IOException, InterruptedException {
    int kills = 0;
    while (!over()) {
      BackendProcess killed = backends.get(kills % backends.size());
      kills++;
      killed.kill();
      awaitEverywhere(killed, "is down");
      killed.restart();
      awaitEverywhere(killed, "is up");
    }
    return kills;
  }

  private void awaitEverywhere(BackendProcess backend, String state)
      throws IOException, InterruptedException {
    for (String pool : POOLS) {
      gateway.await("backend " + pool + '/' + backend.id() + ' ' + state, backend.deaths());
    }
  }

  private boolean over() {
    return System.nanoTime() - start > LENGTH.toNanos();
  }
}
