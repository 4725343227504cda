package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.HttpRouter;
import org.junit.jupiter.api.Test;

/** The example of migrate-jvmroute.md does what that page says. */
class MigrationExamplesTest extends ExampleFixture {
  @Test
  void aSessionOfTheOldProxy_goesOn() {
    HttpRouter<Request, Response> router =
        new MigrationExamples().ofJvmRoutes(new RouteSuffixExamples.TargetAccess());

    assertThat(router.route(withCookie("JSESSIONID=0A1B2C.node2"))).hasToString("KEPT node2");
  }
}
