package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Drained;
import dev.limpet.examples.gateway.config.ConfigChange;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Edit;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A backend that drains until nothing of it is left. */
@Timeout(30)
class GatewayDrainTest {
  private static final String DRAINED = "backend web/b1 is drained";

  private final AtomicLong nanos = new AtomicLong();
  private final Instant start = Instant.parse("2026-01-01T00:00:00Z");
  private final Clocks clocks = new Clocks(nanos::get, () -> start.plusNanos(nanos.get()));

  private static String yaml(String sticky, TestBackend b1, TestBackend b2, String more) {
    return TestGateway.yaml("http", "", sticky, List.of(b1.entry(more), b2.entry()));
  }

  private static GatewayConfig config(String yaml) {
    return ConfigReader.source(yaml).source().config();
  }

  @ParameterizedTest
  @ValueSource(strings = {TestGateway.LB_COOKIE, TestGateway.APP_COOKIE, TestGateway.SOURCE_IP})
  void isSaidToBeDrainedWhenItsLastSessionHasElapsed(String sticky) throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(yaml(sticky, b1, b2, "weight: 1"), clocks)) {
      Client client = gateway.sessionAt("b1");
      nanos.addAndGet(Duration.ofMinutes(10).toNanos());
      ConfigChange change = ConfigChange.between(
          config(yaml(sticky, b1, b2, "weight: 1")), config(yaml(sticky, b1, b2, "drain: true")));
      change.pools().forEach(gateway.gateway()::apply);

      assertThat(client.body()).isEqualTo("b1");
      nanos.addAndGet(Duration.ofMinutes(19).toNanos());
      assertThat(gateway.gateway().pool("web").snapshot().member("b1").draining())
          .isTrue();
      assertThat(client.body()).isEqualTo("b1");
      assertThat(gateway.console().said()).doesNotContain(DRAINED);
      nanos.addAndGet(Duration.ofMinutes(22).toNanos());
      Wait.until(() -> gateway.console().said().contains(DRAINED));
      assertThat(gateway.client().body()).isEqualTo("b2");
    }
  }

  @Test
  void drainThatIsConfiguredFromTheStart_waitsForCookiesOfEarlierStarts() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway =
            TestGateway.of(yaml(TestGateway.LB_COOKIE, b1, b2, "drain: true"), clocks)) {
      assertThat(gateway.client().body()).isEqualTo("b2");
      assertThat(gateway.console().said()).doesNotContain(DRAINED);
      nanos.addAndGet(Duration.ofMinutes(22).toNanos());
      Wait.until(() -> gateway.console().said().contains(DRAINED));
    }
  }

  @Test
  void drainOfAnOperator_countsSessionsAndIsUndone() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2")) {
      String yaml = yaml(TestGateway.APP_COOKIE, b1, b2, "weight: 1");
      try (TestGateway gateway = TestGateway.of(yaml, clocks)) {
        Client client = gateway.sessionAt("b1");
        LiveConfig live = new LiveConfig(
            ConfigReader.source(yaml).source(),
            null,
            gateway.gateway(),
            gateway.console().console(),
            clocks.instants());

        live.change(new Edit.Drain("web", "b1", "10m", false), null, "127.0.0.1");
        Draining drain = gateway.gateway().drains().drains().get(0);
        assertThat(drain.backend()).isEqualTo("b1");
        assertThat(drain.sessions()).isEqualTo(1);
        assertThat(drain.deadline()).isEqualTo(drain.begun().plusSeconds(600));
        assertThat(client.body()).isEqualTo("b1");
        nanos.addAndGet(Duration.ofMinutes(10).toNanos());
        Wait.until(() -> gateway.console().said().stream()
            .anyMatch(line -> line.startsWith("backend web/b1 still has 1 session and ")));

        live.change(new Edit.Ready("web", "b1"), null, "127.0.0.1");
        assertThat(gateway.gateway().drains().drains())
            .extracting(Draining::result)
            .containsExactly(Drained.Result.UNDRAINED);
        assertThat(client.body()).isEqualTo("b1");
      }
    }
  }
}
