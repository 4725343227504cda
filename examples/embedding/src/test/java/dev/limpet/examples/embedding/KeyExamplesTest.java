package dev.limpet.examples.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.examples.embedding.CookieExamples.MyAccess;
import dev.limpet.examples.embedding.Embedder.Request;
import dev.limpet.examples.embedding.Embedder.Response;
import dev.limpet.l7.CookieKeys;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The example of keys.md does what that page says, at two proxies. */
class KeyExamplesTest extends ExampleFixture {
  private static final CookieKeys OLD = CookieKeys.builder().signing(1, SECRET).build();

  private final List<CookieKeys> steps = new KeyExamples().steps(OLD, new byte[33]);
  private final Proxy ahead = new Proxy();
  private final Proxy behind = new Proxy();

  private static final class Proxy {
    private final Pool pool = Pool.builder("web")
        .backends(new ExampleFixture()
            .pool.snapshot().members().stream().map(member -> member.backend()).toList())
        .environment(Environment.of(SECRET))
        .build();
    private final LbCookieAffinity<Request, Response> affinity =
        LbCookieAffinity.builder(pool, new MyAccess()).keys(OLD).build();
    private final HttpRouter<Request, Response> router = HttpRouter.of(pool, affinity);

    String newCookie() {
      Response response = new CookieExamples().exchange(router, new Request(address("192.0.2.1")));
      String setCookie = response.headers().get("Set-Cookie").get(0);
      return setCookie.substring(0, setCookie.indexOf(';'));
    }
  }

  @Test
  void twoProxies_acceptEachOthersCookies_ifOneIsAStepAhead() {
    for (CookieKeys step : steps) {
      ahead.affinity.rotate(step);

      assertThat(ahead.router.route(withCookie(behind.newCookie())).outcome())
          .as("%s", step)
          .isEqualTo(Outcome.KEPT);
      assertThat(behind.router.route(withCookie(ahead.newCookie())).outcome())
          .as("%s", step)
          .isEqualTo(Outcome.KEPT);
      behind.affinity.rotate(step);
    }
  }

  @Test
  void theThirdStep_endsTheCookiesOfTheOldKey() {
    String old = ahead.newCookie();

    steps.forEach(ahead.affinity::rotate);

    assertThat(ahead.router.route(withCookie(old)).reason()).isEqualTo(Reason.UNKNOWN_KEY);
  }
}
