package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a scrape of the gateway says after requests with every outcome. */
@Tag("slow")
@Timeout(60)
class GatewayMetricsTest {
  private static final String REQUESTS = "limpet_router_requests_total";

  @Test
  void everyOutcome_isCounted_andEveryRequestOnce() throws IOException {
    try (EveryOutcome scene = new EveryOutcome()) {
      scene.play();

      Samples samples = scrape(scene);
      for (Outcome outcome : Outcome.values()) {
        assertThat(samples.sum(REQUESTS, "outcome", outcome.name().toLowerCase(Locale.ROOT)))
            .as(outcome.name())
            .isPositive();
      }
      assertThat(samples.sum(REQUESTS)).isEqualTo(scene.requests());
      assertThat(samples.sum(REQUESTS, "reason", "store_unavailable")).isPositive();
      assertThat(samples.sum("limpet_store_calls_total", "result", "not_connected"))
          .isPositive();
      assertThat(samples.sum("limpet_responses_issued_tokens_total", "pool", "web"))
          .isEqualTo(2);
      assertThat(samples.sum("limpet_responses_learned_sessions_total", "pool", "app"))
          .isEqualTo(1);
      assertThat(samples.sum("limpet_table_bindings", "pool", "app")).isEqualTo(1);
      assertThat(samples.sum("limpet_pool_backends", "state", "down")).isEqualTo(2);
    }
  }

  @Test
  void labels_haveFewValues_andNoneOfASession() throws IOException {
    try (EveryOutcome scene = new EveryOutcome()) {
      List<String> secrets = scene.play();

      String text = text(scene);
      Samples samples = Samples.of(text);
      assertThat(samples.labels())
          .containsExactlyInAnyOrder(
              "pool", "router", "outcome", "reason", "state", "backend", "affinity", "result");
      assertThat(samples.values("pool"))
          .containsExactlyInAnyOrder(
              "web", "lend", "strict", "app", "lost", "shared", "plain", "down");
      assertThat(samples.values("router")).hasSize(8).allMatch(name -> name.endsWith("-front"));
      assertThat(samples.values("backend")).containsExactlyInAnyOrder("b1", "b2", "other");
      assertThat(samples.values("affinity")).containsExactly("0");
      assertThat(secrets)
          .isNotEmpty()
          .allSatisfy(secret -> assertThat(text).doesNotContain(secret));
      assertThat(samples.names()).allMatch(name -> name.startsWith("limpet_"));
    }
  }

  @Test
  void backendsThatComeAndGo_leaveAsManySeriesAsBefore() throws IOException {
    try (EveryOutcome scene = new EveryOutcome()) {
      follow(scene, 0);
      int before = scrape(scene).all().size();
      for (int round = 1; round < 20; round++) {
        follow(scene, round);
        Samples samples = scrape(scene);
        assertThat(samples.all()).hasSize(before);
        assertThat(samples.values("backend")).contains("pod-" + round + "-0", "other");
      }
    }
  }

  private static void follow(EveryOutcome scene, int round) {
    List<Backend> backends = IntStream.range(0, 150)
        .mapToObj(i -> Backend.of("pod-" + round + '-' + i, "127.0.0.1", 1))
        .toList();
    scene.gateway().gateway().pool("web").follow(backends);
  }

  @Test
  void aReload_showsTheNewBackendsAtOnce() throws IOException {
    try (EveryOutcome scene = new EveryOutcome()) {
      scrape(scene);
      scene.change("web", edit -> edit.add(Backend.of("b3", "127.0.0.1", 1).withWeight(7)));

      Samples samples = scrape(scene);

      assertThat(samples.sum("limpet_backend_weight", "backend", "b3")).isEqualTo(7);
    }
  }

  @Test
  void listenersOfOnePool_areToldApart() throws IOException {
    try (TestBackend backend = TestBackend.http("b1");
        TestGateway gateway = TestGateway.of("""
            profile: open
            stopTimeout: 0s
            admin: {port: 0}
            listeners:
              - {name: web, protocol: http, port: 0, pool: web}
              - {name: raw, protocol: tcp, port: 0, pool: web}
            pools:
              - {name: web, stickySession: {type: source-ip}, backends: [%s]}
            """.formatted(backend.entry()))) {
      new Client(gateway.port("web")).get();
      new Client(gateway.port("raw")).get();
      new Client(gateway.port("raw")).get();

      Samples samples =
          Samples.of(AdminTest.get(gateway.gateway().adminPort(), "/metrics").body());

      assertThat(samples.sum(REQUESTS, "router", "web")).isEqualTo(1);
      assertThat(samples.sum(REQUESTS, "router", "raw")).isEqualTo(2);
      assertThat(samples.sum("limpet_table_bindings")).isEqualTo(1);
      assertThat(samples.sum("limpet_pool_backends")).isEqualTo(1);
    }
  }

  private static String text(EveryOutcome scene) throws IOException {
    Message answer = AdminTest.get(scene.adminPort(), "/metrics");
    assertThat(answer.status()).isEqualTo(200);
    return answer.body();
  }

  private static Samples scrape(EveryOutcome scene) throws IOException {
    return Samples.of(text(scene));
  }
}
