package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.FailureKind;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of health.md do what that page says. */
class HealthExamplesTest extends ExampleFixture {

  private static HealthExamples broken(IOException by) {
    return new HealthExamples(exchange -> {
      throw by;
    });
  }

  private static Member.State state(Pool pool, String id) {
    return pool.snapshot().member(id).state();
  }

  private static StickyExchange<Request, Response> exchange(Pool pool) {
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool, HttpAffinity.of(Affinity.<Request>none(), new CookieExamples.MyAccess()));
    StickyExchange<Request, Response> exchange = router.begin(ofTenant("blue"));
    while (!exchange.backend().id().equals("web1")) {
      exchange.close();
      exchange = router.begin(ofTenant("blue"));
    }
    return exchange;
  }

  @Test
  void health_brokenConnectionsEjectABackend() {
    HealthExamples example = broken(new IOException("reset"));
    Pool pool = example.standard(List.of(web1, web2));

    for (int i = 0; i < 3; i++) {
      assertThat(example.answer(exchange(pool)).status()).isEqualTo(502);
    }

    assertThat(state(pool, "web1")).isEqualTo(Member.State.EJECTED);
    example.check(pool, web1, true);
    assertThat(state(pool, "web1")).isEqualTo(Member.State.UP);
  }

  @Test
  void health_timeoutsEjectABackend() {
    HealthExamples example = broken(new SocketTimeoutException("late"));
    Pool pool = example.standard(List.of(web1, web2));

    for (int i = 0; i < 3; i++) {
      assertThat(example.answer(exchange(pool)).status()).isEqualTo(504);
    }

    assertThat(state(pool, "web1")).isEqualTo(Member.State.EJECTED);
  }

  @Test
  void health_theSettingsAreThoseOfThePage() {
    HealthExamples example = broken(new IOException());
    Pool pool = Pool.builder("web")
        .backends(List.of(web1, web2))
        .passiveHealth(example.settings())
        .build();
    StickyRouter<Request> router = StickyRouter.of(pool, Affinity.none());
    Route route = router.route(ofTenant("blue"));
    for (int i = 0; i < 5; i++) {
      router.failed(route, FailureKind.STATUS);
    }

    assertThat(example.lines).singleElement().asString().contains("is ejected for PT");
    assertThat(pool.passiveHealth().isFailure(504)).isTrue();
  }
}
