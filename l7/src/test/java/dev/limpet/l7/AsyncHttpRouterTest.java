package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.AsyncBinder;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Lease;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Requests whose sessions are bound when the test says so. */
class AsyncHttpRouterTest {
  private final Pool pool = Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"));
  private final HttpAffinity<Request, Response> affinity = HttpAffinity.of(
      KeyAffinity.builder(
              KeyExtractor.<Request>string(request -> request.cookies().get(0)))
          .build(),
      Response.ACCESS);
  private final CompletableFuture<Void> allowed = new CompletableFuture<>();
  private final AsyncBinder binder = (key, expected, candidate, byHash) ->
      allowed.thenApply(then -> affinity.bind(key, expected, candidate, byHash));
  private final Request request = Request.of("SID=x");

  private HttpRouterBuilder<Request, Response> settings() {
    return HttpRouter.builder(pool, affinity).profile(Profile.OPEN);
  }

  private <T> T answered(CompletionStage<T> stage) {
    assertThat(stage.toCompletableFuture()).isNotDone();
    allowed.complete(null);
    return stage.toCompletableFuture().join();
  }

  @Test
  void aNewSession_waitsForItsBinding_andIsKeptAtOnce() {
    AsyncHttpRouter<Request, Response> router = new AsyncHttpRouter<>(settings(), binder);

    Route first = answered(router.route(request));

    assertThat(first).hasToString("NEW " + Browser.id(first) + " (UNKNOWN)");
    assertThat(router.route(request).toCompletableFuture().getNow(null))
        .hasToString("KEPT " + Browser.id(first));
    Route next = router.reroute(request, first).toCompletableFuture().join();
    assertThat(next.failed()).isSameAs(first);
    assertThat(Browser.id(next)).isNotEqualTo(Browser.id(first));
    assertThat(router.balance(request)).extracting(Route::backend).isNotNull();
  }

  @Test
  void aLease_holdsAConnectionOfWhereItGoes() {
    AsyncHttpRouter<Request, Response> router = new AsyncHttpRouter<>(settings().leasing(), binder);

    Lease lease = answered(router.lease(request));
    Route first = lease.route();
    Route next = router.reroute(request, lease).toCompletableFuture().join();

    assertThat(lease.route()).isSameAs(next);
    assertThat(next.failed()).isSameAs(first);
    assertThat(connections()).isEqualTo(1);
    lease.close();
    assertThat(connections()).isZero();
    try (Lease balanced = router.leaseBalanced(request)) {
      assertThat(balanced.backend()).isNotNull();
      assertThat(connections()).isEqualTo(1);
    }
  }

  private int connections() {
    return pool.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }
}
