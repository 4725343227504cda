package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.HttpRouter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of route-suffix.md do what that page says. */
class RouteSuffixExamplesTest extends ExampleFixture {
  private final RouteSuffixExamples examples = new RouteSuffixExamples();

  @Test
  void aCookieOrAPath_leadsToTheBackendOfItsRoute() {
    HttpRouter<Request, Response> router =
        examples.byRoute(pool, new RouteSuffixExamples.TargetAccess());
    Request byPath = new Request(address("192.0.2.1"));
    byPath.headers().set(":path", List.of("/cart;jsessionid=0A1B2C.web2?page=2"));

    assertThat(router.route(withCookie("JSESSIONID=0A1B2C.web1"))).hasToString("KEPT web1");
    assertThat(router.route(byPath)).hasToString("KEPT web2");
    assertThat(router.route(withCookie("JSESSIONID=0A1B2C.node9")).outcome())
        .isEqualTo(Outcome.HASHED);
    assertThat(router.route(withCookie("JSESSIONID=0A1B2C")).outcome()).isEqualTo(Outcome.UNBOUND);
  }

  @Test
  void routesAreMapped_orHaveAnotherNotation() {
    Pool named =
        Pool.of("web", Backend.of("web-1", "10.0.0.21", 80), Backend.of("web-2", "10.0.0.22", 80));
    Route mapped =
        HttpRouter.of(named, examples.withRoutes()).route(withCookie("JSESSIONID=0A1B2C.node8"));
    Route ranked = HttpRouter.of(pool, examples.ofAnotherNotation())
        .route(withCookie("JSESSIONID=0A1B2C!node7!web2"));

    assertThat(mapped).hasToString("KEPT web-2");
    assertThat(ranked).hasToString("KEPT web2");
  }
}
