package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.testkit.Echo;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Two backends and a gateway, which the test starts. No route may be left open. */
@Timeout(60)
abstract class GatewayScene {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final List<RawBackend> backends = new ArrayList<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestGateway gateway;

  @BeforeEach
  void startBackends() throws IOException {
    backends.add(RawBackend.start("b1"));
    backends.add(RawBackend.start("b2"));
  }

  @AfterEach
  void endWithoutAnOpenRoute() throws Exception {
    try {
      backends.forEach(RawBackend::release);
      if (gateway != null && gateway.context().isActive()) {
        awaitOpenRoutes(0);
      }
    } finally {
      for (AutoCloseable each : open) {
        each.close();
      }
      for (RawBackend backend : backends) {
        backend.close();
      }
    }
  }

  TestGateway start(TestGateway.Settings settings) {
    gateway = settings.start();
    open.add(0, gateway);
    return gateway;
  }

  <T extends AutoCloseable> T closing(T closeable) {
    open.add(closeable);
    return closeable;
  }

  TestGateway gateway() {
    return Objects.requireNonNull(gateway);
  }

  List<Backend> backends() {
    return backends.stream().map(RawBackend::backend).toList();
  }

  RawBackend backend(String id) {
    return backends.stream().filter(each -> each.id().equals(id)).findAny().orElseThrow();
  }

  RawBackend other(String id) {
    return backends.stream().filter(each -> !each.id().equals(id)).findAny().orElseThrow();
  }

  RawClient newClient() {
    return newClient(gateway());
  }

  RawClient newClient(TestGateway of) {
    return closing(new RawClient(of.port(), PATIENCE));
  }

  /** Asks once, and returns the id of the backend that answered. */
  static String ask(RawClient client, String... fields) throws IOException {
    RawMessage answer = client.get(fields);
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    return Echo.of(answer).backend();
  }

  static void assertStays(RawClient client, String home, String... fields) throws IOException {
    for (int i = 0; i < 4; i++) {
      assertThat(ask(client, fields)).isEqualTo(home);
    }
  }

  void awaitOpenRoutes(int expected) throws Exception {
    await("open routes", expected, this::openRoutes);
  }

  void awaitWaiting(int expected) throws Exception {
    await(
        "waiting requests",
        expected,
        () -> backends.stream().mapToInt(RawBackend::waiting).sum());
  }

  int openRoutes() {
    return gateway().context().getBean(LimpetPools.class).names().stream()
        .map(name -> gateway().context().getBean(LimpetPools.class).pool(name))
        .flatMap(pool -> pool.snapshot().members().stream())
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  static <T> void await(String name, T expected, Callable<T> actual) throws Exception {
    long start = System.nanoTime();
    T found = actual.call();
    while (!expected.equals(found)) {
      assertThat(System.nanoTime() - start)
          .as(name + ": " + found + " (expected: " + expected + ")")
          .isLessThan(PATIENCE.toNanos());
      Thread.sleep(2);
      found = actual.call();
    }
  }
}
