package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import dev.limpet.examples.embedding.Embedder.Headers;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.HttpRouter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of prefix-cookies.md do what that page says. */
class PrefixCookieExamplesTest extends ExampleFixture {

  @Test
  void aPrefix_keepsASession_overARestart() {
    PrefixCookieExamples examples = new PrefixCookieExamples();
    HttpRouter<Request, Response> before = examples.byPrefix(List.of(web1, web2), SECRET);
    HttpRouter<Request, Response> after = examples.byPrefix(List.of(web1, web2), SECRET);
    Request first = new Request(address("192.0.2.1"));
    Route route = before.route(first);
    Response response = new Response(200, new Headers());
    response.headers().set("Set-Cookie", List.of("SESSION=5A; Path=/; HttpOnly"));
    before.onResponse(first, route, response);
    String setCookie = response.headers().get("Set-Cookie").get(0);
    assertThat(setCookie).matches("SESSION=[\\w-]{44}~5A; Path=/; HttpOnly");

    Request next = withCookie(setCookie.split(";", -1)[0] + "; theme=dark");
    examples.exchange(after, next);

    assertThat(examples.sent).containsExactly(backend(route));
    assertThat(after.stats().count(Outcome.KEPT)).isEqualTo(1);
    assertThat(after.fieldsToBackend(next))
        .isEqualTo(Map.of("Cookie", List.of("SESSION=5A; theme=dark")));
  }
}
