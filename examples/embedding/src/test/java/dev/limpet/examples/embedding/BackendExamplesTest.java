package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.l4.SourceIpAffinity;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of backends.md, connections.md, tables.md and others do what those pages say. */
class BackendExamplesTest extends ExampleFixture {
  private final Backend spare = Backend.of("spare", "10.0.0.23", 8080);

  @Test
  void backends_changesAreMadeTogether() {
    new BackendExamples().change(pool);

    assertThat(pool.snapshot().members()).hasSize(3);
    assertThat(pool.snapshot().member("web1").draining()).isTrue();
  }

  @Test
  void backends_aDrainEndsAndTheBackendIsRemoved() {
    BackendExamples example = new BackendExamples();
    StickyRouter<Request> router = StickyRouter.of(pool, byTenant());
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    try {
      example.drainAndWait(pool, router, executor);
      router.advanceDrains();
    } finally {
      executor.shutdownNow();
    }

    assertThat(example.lines).singleElement().asString().startsWith("web1: DRAINED, ");
    assertThat(pool.snapshot().member("web1")).isNull();
  }

  @Test
  void backends_strictRefusesWhileTheBackendIsDown_andHealthIsReported() {
    BackendExamples example = new BackendExamples();
    StickyRouter<Request> router = example.strict(pool, byTenant());
    bindTo(router, web1, ofTenant("blue"));

    example.report(pool, false);
    Outcome down = router.route(ofTenant("blue")).outcome();
    example.report(pool, true);

    assertThat(down).isEqualTo(Outcome.REFUSED);
    assertThat(router.route(ofTenant("blue")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void backends_aFailedConnectGoesElsewhere() {
    BackendExamples example = new BackendExamples();
    example.unreachable.add("web1");

    Route route = example.reroute(StickyRouter.of(pool, byTenant()), ofTenant("blue"));

    assertThat(backend(route)).isEqualTo("web2");
  }

  @Test
  void connections_routesAreClosed_alsoAfterReroutes() {
    ConnectionExamples example = new ConnectionExamples();
    example.unreachable.add("web1");
    StickyRouter<Request> router = example.limited(web1, web2, byTenant(), ofTenant("blue"));

    IntStream.range(0, 8).forEach(i -> example.limitedAndRerouted(router, ofTenant("t" + i)));

    assertThat(router.pool().snapshot().members())
        .allMatch(member -> member.load().connections() == 0);
    assertThat(router.stats().reroutes()).isPositive();
  }

  @Test
  void connections_theSpareServesIfNoOtherCan() {
    Pool withSpare = new ConnectionExamples().withASlowStartAndASpare(web1, web2, spare);
    StickyRouter<Request> router = StickyRouter.of(withSpare, byTenant());

    String before = backend(router.route(ofTenant("blue")));
    withSpare.change(edit -> edit.down("web1").down("web2"));

    assertThat(before).isNotEqualTo("spare");
    assertThat(backend(router.route(ofTenant("green")))).isEqualTo("spare");
  }

  @Test
  void connections_aLimitWithoutCountingIsRefused() {
    assertThatThrownBy(() -> Pool.of("web", web1.withMaxConnections(100)))
        .isInstanceOf(FaultException.class);
  }

  @Test
  void tables_haveTheCapacityAndTheQuotaThatAreGiven() {
    TableExamples example = new TableExamples();
    StickyRouter<Socket> router = StickyRouter.of(pool, example.withAQuota());

    assertThat(router.route(client("192.0.2.1")).outcome()).isEqualTo(Outcome.NEW);
    assertThat(example.large().session()).isEqualTo(example.exact().session());
  }

  @Test
  void tables_aTenantHasNoMoreSessionsThanItsQuota() {
    KeyExtractor<Request> user = KeyExtractor.address(Request::remoteAddress);
    KeyAffinity<Request> affinity = new TableExamples().withAQuotaPerTenant(user, TENANT);
    StickyRouter<Request> router = StickyRouter.of(pool, affinity);

    for (int i = 0; i <= 1_000; i++) {
      Request request = new Request(address("10.0." + i / 250 + "." + i % 250));
      request.headers().set("X-Tenant", List.of("blue"));
      router.route(request);
    }

    assertThat(router.stats().count(Reason.OVER_QUOTA)).isEqualTo(1);
  }

  @Test
  void restarts_sessionsAreThereAgain(@TempDir Path folder) throws Exception {
    RestartExamples example = new RestartExamples();
    Path file = folder.resolve("table");
    SourceIpAffinity<Socket> before = example.start(SECRET, file);
    StickyRouter.of(pool, before).route(client("192.0.2.1"));

    example.stop(before, file);
    StickyRouter<Socket> after = StickyRouter.of(pool, example.start(SECRET, file));

    assertThat(example.lines.get(0)).startsWith("sessions: refused: ");
    assertThat(example.lines.get(1)).startsWith("sessions: restored 1, ");
    assertThat(after.route(client("192.0.2.1")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void monitoring_countsAndTellsOfMoves() {
    MonitoringExamples example = new MonitoringExamples();
    StickyRouter<Request> router = example.listen(pool, byTenant());
    Route route = router.route(ofTenant("blue"));
    pool.change(edit -> edit.down(backend(route)));

    router.route(ofTenant("blue"));
    example.count(router);

    assertThat(example.lines).hasSize(2);
    assertThat(example.lines.get(0)).startsWith("session moved: MOVED ");
    assertThat(example.lines.get(1)).isEqualTo("2 requests, 1 moved");
  }

  @Test
  void performance_aCoarseClockRoutes() {
    ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();

    try {
      StickyRouter<Socket> router =
          new PerformanceExamples().withACoarseClock(executor, SECRET, List.of(web1, web2));
      router.route(client("192.0.2.1"));

      assertThat(router.route(client("192.0.2.1")).outcome()).isEqualTo(Outcome.KEPT);
    } finally {
      executor.shutdownNow();
    }
  }
}
