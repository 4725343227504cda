package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Routers that continue the statistics of responses of others. */
class ContinuedHttpRouterTest {
  private static final int COLLECTIONS = 20;

  private final Pool pool = Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"));

  enum Kind {
    APP_COOKIE,
    LEARNED_HEADER,
    CHAIN
  }

  @ParameterizedTest
  @EnumSource
  void aRouter_countsTheEarlierResponsesAndKeepsNoTable(Kind kind) {
    HttpRouter<Request, Response> first = HttpRouter.of(pool, affinity(kind));
    WeakReference<StickyTable> table = tableOf(first);
    learn(first, kind);

    HttpRouter<Request, Response> now = continued(first);
    learn(first, kind);
    first = null;

    for (int i = 0; i < COLLECTIONS && table.get() != null; i++) {
      System.gc();
    }
    assertThat(table.get()).isNull();
    assertThat(now.responseStats().learned()).isEqualTo(2);
  }

  @Test
  void severalRouters_countTheResponsesOfAll() {
    HttpRouter<Request, Response> first = HttpRouter.of(pool, app());
    learn(first, Kind.APP_COOKIE);
    HttpRouter<Request, Response> second =
        HttpRouter.<Request, Response>builder(pool, app()).continuing(first).build();
    learn(second, Kind.APP_COOKIE);
    HttpRouter<Request, Response> third = continued(second);

    learn(second, Kind.APP_COOKIE);

    assertThat(third.responseStats().learned()).isEqualTo(3);
  }

  private HttpRouter<Request, Response> continued(HttpRouter<Request, Response> before) {
    return HttpRouter.builder(pool, lb()).continuing(before).build();
  }

  private static void learn(HttpRouter<Request, Response> router, Kind kind) {
    String id = "id-" + System.nanoTime();
    Response response = (kind == Kind.LEARNED_HEADER)
        ? Response.ok().with("X-Id", id)
        : Response.ok().with("Set-Cookie", "SID=" + id);
    router.onResponse(Request.of(), router.route(Request.of()), response);
  }

  private static WeakReference<StickyTable> tableOf(HttpRouter<Request, Response> router) {
    return new WeakReference<>(router.affinity().parts().get(0).table());
  }

  private HttpAffinity<Request, Response> affinity(Kind kind) {
    return switch (kind) {
      case APP_COOKIE -> app();
      case LEARNED_HEADER -> HeaderAffinity.learned(Response.ACCESS, "X-Id").build();
      case CHAIN -> app().orElse(lb());
    };
  }

  private static HttpAffinity<Request, Response> app() {
    return AppCookieAffinity.builder(Response.ACCESS)
        .session(StickySession.appCookie("SID"))
        .build();
  }

  private HttpAffinity<Request, Response> lb() {
    return LbCookieAffinity.builder(pool, Response.ACCESS)
        .environment(Environment.local())
        .build();
  }
}
