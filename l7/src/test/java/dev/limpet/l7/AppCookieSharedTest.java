package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An app cookie that is not known here, in a table that others share, who may have learned it. */
class AppCookieSharedTest {
  private final Pool pool =
      Pool.of("app", LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));
  private final CaffeineStickyTable here =
      CaffeineStickyTable.of(StickySession.appCookie("SID"), 100);
  private final LateTable table = new LateTable(here);
  private final AppCookieAffinity<Request, Response> affinity = AppCookieAffinity.builder(
          Response.ACCESS)
      .session(StickySession.appCookie("SID"))
      .table((session, environment) -> table)
      .build();
  private final HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);
  private final Request request = Request.of("SID=x");

  @Test
  void routeAsync_waitsForWhatAnotherProxyLearned() {
    String home = learnedElsewhere();

    CompletableFuture<Route> route = router.routeAsync(request).toCompletableFuture();

    assertThat(route).isNotDone();
    table.answer();
    assertThat(route.join()).hasToString("KEPT " + home);
    assertThat(router.routeAsync(request).toCompletableFuture())
        .isCompletedWithValueMatching(next -> next.outcome() == Outcome.KEPT);
  }

  @Test
  void route_isWrongOnceAndThenRight() {
    String home = learnedElsewhere();

    Route first = router.route(request);
    table.answer();
    Route next = router.route(request);

    assertThat(first.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(Browser.id(first)).isNotEqualTo(home);
    assertThat(next).hasToString("KEPT " + home);
  }

  @Test
  void whatNobodyLearned_goesByItsHashAndIsNotStored() {
    CompletableFuture<Route> route = router.routeAsync(request).toCompletableFuture();
    table.answer();

    assertThat(route.join().outcome()).isEqualTo(Outcome.HASHED);
    assertThat(route.join().reason()).isEqualTo(Reason.UNKNOWN);
    assertThat(Browser.id(route.join())).isEqualTo(byHash());
    assertThat(here.size()).isZero();
  }

  @Test
  void whereTheOthersAreOutOfReach_aRequestGoesByItsHash() {
    learnedElsewhere();
    CompletableFuture<Route> route = router.routeAsync(request).toCompletableFuture();
    table.fail();

    assertThat(route.join().outcome()).isEqualTo(Outcome.HASHED);
    assertThat(route.join().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    assertThat(Browser.id(route.join())).isEqualTo(byHash());
    assertThat(here.size()).isZero();
  }

  @Test
  void aTableOfThisProcess_answersAtOnce() {
    AppFixture app = new AppFixture();

    assertThat(app.router.routeAsync(request).toCompletableFuture())
        .isCompletedWithValueMatching(route -> route.outcome() == Outcome.HASHED);
    assertThat(app.table.size()).isZero();
  }

  @Test
  void aSessionThatMoves_isBoundByAllOfThem() {
    String home = learnedElsewhere();
    CompletableFuture<Route> found = router.routeAsync(request).toCompletableFuture();
    table.answer();
    CompletableFuture<Route> moved =
        router.rerouteAsync(request, found.join()).toCompletableFuture();

    assertThat(moved).isNotDone();
    table.answer();
    assertThat(moved.join().outcome()).isEqualTo(Outcome.MOVED);
    assertThat(Browser.id(moved.join())).isNotEqualTo(home);
  }

  /** Returns the backend that another proxy learned, which is not the one by hash. */
  private String learnedElsewhere() {
    String home = byHash().equals("a") ? "b" : "a";
    table.share(affinity.key(request), home);
    return home;
  }

  /** Returns where the request goes while nobody knows its session. */
  private String byHash() {
    return Browser.id(new AppFixture().router.route(request));
  }
}
