package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Requests whose sessions are bound when the test says so. */
class HttpRouterAsyncTest {
  private final LateTable table =
      new LateTable(CaffeineStickyTable.of(StickySession.custom(), 100));
  private final HttpAffinity<Request, Response> affinity = HttpAffinity.of(
      KeyAffinity.builder(
              KeyExtractor.<Request>string(request -> request.cookies().get(0)))
          .table((session, environment) -> table)
          .build(),
      Response.ACCESS);
  private final Request request = Request.of("SID=x");

  private Route answered(CompletionStage<Route> stage) {
    assertThat(stage.toCompletableFuture()).isNotDone();
    table.answer();
    return stage.toCompletableFuture().join();
  }

  @Test
  void aNewSession_waitsForItsBinding_andIsKeptAtOnce() {
    HttpRouter<Request, Response> router =
        HttpRouter.of(Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b")), affinity);

    Route first = answered(router.routeAsync(request));

    assertThat(first).hasToString("NEW " + Browser.id(first) + " (UNKNOWN)");
    assertThat(router.routeAsync(request).toCompletableFuture().getNow(null))
        .hasToString("KEPT " + Browser.id(first));
    Route next = answered(router.rerouteAsync(request, first));
    assertThat(next.failed()).isSameAs(first);
    assertThat(Browser.id(next)).isNotEqualTo(Browser.id(first));
    assertThat(router.routeUnbound(request)).extracting(Route::backend).isNotNull();
  }

  @Test
  void aCountedRoute_holdsAConnectionOfWhereItGoes() {
    Pool pool = counting();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    Route first = answered(router.routeAsync(request));
    assertThat(LbFixture.connections(pool)).isEqualTo(1);
    CompletableFuture<Route> rerouted = router.rerouteAsync(request, first).toCompletableFuture();
    assertThat(LbFixture.connections(pool)).isZero();
    Route next = answered(rerouted);

    assertThat(next.failed()).isSameAs(first);
    assertThat(LbFixture.connections(pool)).isEqualTo(1);
    next.close();
    assertThat(LbFixture.connections(pool)).isZero();
    try (Route unbound = router.routeUnbound(request)) {
      assertThat(unbound.backend()).isNotNull();
      assertThat(LbFixture.connections(pool)).isEqualTo(1);
    }
  }

  @Test
  void aClientThatLeavesMeanwhile_holdsNoConnection() {
    Pool pool = counting();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
    CompletableFuture<Route> left = router.routeAsync(request).toCompletableFuture();

    left.cancel(false);
    table.answer();

    assertThat(LbFixture.connections(pool)).isZero();
    assertThat(router.stats().abandonedRoutes()).isZero();
  }

  private static Pool counting() {
    return Pool.builder("web")
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b")))
        .countConnections()
        .build();
  }
}
