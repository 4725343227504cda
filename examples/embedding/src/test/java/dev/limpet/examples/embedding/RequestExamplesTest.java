package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.examples.embedding.CookieExamples.MyAccess;
import dev.limpet.examples.embedding.Embedder.Headers;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples of requests.md do what that page says. */
class RequestExamplesTest extends ExampleFixture {
  private final RequestExamples example = new RequestExamples();
  private final Pool counting =
      Pool.builder("web").backends(List.of(web1, web2)).countConnections().build();
  private final HttpRouter<Request, Response> router =
      HttpRouter.of(counting, LbCookieAffinity.builder(counting, new MyAccess()).build());

  @Test
  void requests_theLoopKeepsASession_andGivesItsConnectionBack() {
    Response first = example.handle(router, stranger());

    example.handle(router, withCookie(cookie(first)));

    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(1);
    assertThat(example.sent).hasSize(2).containsOnly(example.sent.get(0));
    assertThat(connections()).isZero();
  }

  @Test
  void requests_theLoopGoesOnToTheNextBackend() {
    example.unreachable.add("web1");

    example.handle(router, stranger());
    example.handle(router, stranger());

    assertThat(example.sent).containsExactly("web2", "web2");
    assertThat(router.stats().reroutes()).isPositive();
  }

  @Test
  void requests_theLoopAnswers503IfNoBackendIsLeft() {
    example.unreachable.addAll(List.of("web1", "web2"));

    assertThat(example.handle(router, stranger()).status()).isEqualTo(503);
    assertThat(connections()).isZero();
  }

  @Test
  void requests_theEventLoopDoesTheSame() {
    example.unreachable.add("web1");
    example.begin(router, stranger(), Runnable::run);
    example.begin(router, stranger(), Runnable::run);
    example.unreachable.add("web2");
    example.begin(router, stranger(), Runnable::run);

    assertThat(example.sent).containsExactly("web2", "web2");
    assertThat(example.replies).containsExactly(200, 200, 503);
    assertThat(connections()).isZero();
  }

  @Test
  void requests_aPreflightKeepsNoSession() {
    Response response = example.handlePreflight(router, stranger());

    assertThat(response.headers().get("Set-Cookie")).isEmpty();
    assertThat(router.stats().count(Outcome.UNBOUND, Reason.IGNORED)).isEqualTo(1);
  }

  private static Request stranger() {
    return new Request(new Headers(), address("192.0.2.1"), false);
  }

  private static String cookie(Response response) {
    String field = response.headers().get("Set-Cookie").get(0);
    return field.substring(0, field.indexOf(';'));
  }

  private int connections() {
    return counting.snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }
}
