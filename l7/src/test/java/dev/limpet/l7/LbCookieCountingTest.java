package dev.limpet.l7;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions by LB cookie of backends that take eight connections each. */
class LbCookieCountingTest {
  private static final long LIMIT = 8;
  private static final int CLIENTS = 64;

  private final Pool pool = Pool.builder("web")
      .backends(List.of(limited("a"), limited("b"), limited("c")))
      .countConnections()
      .build();

  @ParameterizedTest
  @EnumSource
  void oneCookieOfManyClients_exceedsNoLimitOfConnections(Failover failover) {
    HttpRouter<Request, Response> router = HttpRouter.builder(
            pool, LbCookieAffinity.builder(pool, Response.ACCESS).build())
        .profile(Profile.OPEN)
        .failover(failover)
        .build();
    Browser first = new Browser();
    try (Route route = router.route(first.request())) {
      first.receive(router, first.request(), route, Response.ok());
    }

    List<Route> routes =
        Stream.generate(() -> router.route(first.request())).limit(CLIENTS).toList();

    Map<Outcome, Long> outcomes = routes.stream().collect(groupingBy(Route::outcome, counting()));
    assertThat(routes.stream().collect(groupingBy(Browser::id, counting())))
        .isEqualTo(
            failover == Failover.STRICT
                ? Map.of(Browser.id(routes.get(0)), LIMIT, "none", CLIENTS - LIMIT)
                : Map.of("a", LIMIT, "b", LIMIT, "c", LIMIT, "none", CLIENTS - 3 * LIMIT));
    assertThat(outcomes).containsEntry(Outcome.KEPT, LIMIT);
    routes.forEach(Route::close);
    assertThat(LbFixture.connections(pool)).isZero();
  }

  private static Backend limited(String id) {
    return LbFixture.backend(id).withMaxConnections((int) LIMIT);
  }
}
