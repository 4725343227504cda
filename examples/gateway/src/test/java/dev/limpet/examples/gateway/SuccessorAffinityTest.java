package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.affinity.Quota;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpAffinity;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.RouteSuffixAffinity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What clients can bind with tokens of an earlier type. */
class SuccessorAffinityTest {
  private static final int CAPACITY = 10_000;
  private static final StickySession APP = StickySession.appCookie("SID");

  private final AtomicLong nanos = new AtomicLong();
  private final Environment environment = Environment.local().withClock(nanos::get);
  private final Pool pool = Pool.builder("web")
      .environment(environment)
      .backends(List.of(Backend.of("a", "h", 1), Backend.of("b", "h", 2)))
      .build();
  private final CompactStickyTable table = CompactStickyTable.of(APP, CAPACITY, nanos::get);
  private final TokenBindings tokens = new TokenBindings();
  private final LbCookieAffinity<String, Answer> lb =
      LbCookieAffinity.builder(pool, new Access()).environment(environment).build();

  @Test
  void oneLbCookieWithInventedAppCookies_leavesRoomForNewSessions() {
    HttpRouter<String, Answer> router = router(app(), predecessor("{type: lb-cookie}", lb));
    String token = lbCookie();
    String home = HttpRouter.of(pool, lb).route(token).backend().id();

    for (int i = 0; i < 2 * CAPACITY; i++) {
      assertThat(router.route(token + "; SID=invented-" + i).backend().id()).isEqualTo(home);
    }

    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(2 * CAPACITY);
    for (int i = 0; i < CAPACITY * 3 / 10; i++) {
      assertLearns(router, "SID=real-" + i);
    }
    assertThat(router.responseStats().learnRejected()).isZero();
  }

  private static void assertLearns(HttpRouter<String, Answer> router, String session) {
    Route first = router.route("");
    router.onResponse("", first, new Answer().with("Set-Cookie", session));
    Route next = router.route(session);
    assertThat(next.outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(first.backend());
  }

  @Test
  void allListenersTogether_bindHalfOfTheTableByTokens() {
    var before = predecessor("{type: lb-cookie}", lb);
    var one = router(app(), before);
    var other = router(app(), before);
    String token = lbCookie();

    for (int i = 0; i < CAPACITY; i++) {
      assertThat(one.route(token + "; SID=one-" + i).outcome()).isEqualTo(Outcome.KEPT);
      assertThat(other.route(token + "; SID=other-" + i).outcome()).isEqualTo(Outcome.KEPT);
    }

    assertThat(table.size()).isEqualTo(CAPACITY / 2);
  }

  @Test
  void aRouteThatAnyoneCanMakeUp_placesASessionAndBindsNothing() {
    var suffix = RouteSuffixAffinity.builder(new Access())
        .environment(environment)
        .cookieName("SID")
        .appendRoute(true)
        .build();
    var router = router(
        app(), predecessor("{type: route-suffix, cookieName: SID, appendRoute: true}", suffix));

    for (String id : List.of("a", "b")) {
      Route route = router.route("SID=invented." + id);
      assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(route.backend().id()).isEqualTo(id);
    }

    assertThat(table.size()).isZero();
  }

  @Test
  void whereRequestsBeginSessions_tokensBindWithinTheQuota() {
    KeyAffinity<String> byCookie = KeyAffinity.<String>builder(
            (request, hasher) -> hasher.string(request))
        .environment(environment)
        .table((session, given) -> table)
        .quota(Quota.ofLive(10), (request, hasher) -> 1)
        .build();
    var router =
        router(HttpAffinity.of(byCookie, new Access()), predecessor("{type: lb-cookie}", lb));
    String token = lbCookie();

    for (int i = 0; i < 100; i++) {
      assertThat(router.route(token + "; x=" + i).outcome()).isEqualTo(Outcome.KEPT);
    }

    assertThat(table.size()).isEqualTo(10);
    assertThat(byCookie.overQuota()).isEqualTo(90);
  }

  @Test
  void aTokenThatPlacesASession_isVerifiedOnce() {
    AtomicLong peeks = new AtomicLong();
    var counted = HttpAffinity.of(new Counted(lb, peeks), new Access());
    var router = router(app(), predecessor("{type: lb-cookie}", counted));

    router.route(lbCookie() + "; SID=x");

    assertThat(peeks).hasValue(1);
  }

  private String lbCookie() {
    Answer answer = new Answer();
    HttpRouter<String, Answer> before = HttpRouter.of(pool, lb);
    before.onResponse("", before.route(""), answer);
    return answer.fields.get("Set-Cookie").get(0).split(";", 2)[0];
  }

  private AppCookieAffinity<String, Answer> app() {
    return AppCookieAffinity.builder(new Access())
        .session(APP)
        .environment(environment)
        .table((session, given) -> table)
        .build();
  }

  private HttpRouter<String, Answer> router(
      HttpAffinity<String, Answer> now, Predecessor<String, Answer> before) {
    return HttpRouter.of(
        pool, SuccessorAffinity.of(now, List.of(before), true, environment.clock(), tokens));
  }

  private static Predecessor<String, Answer> predecessor(
      String settings, HttpAffinity<String, Answer> affinity) {
    return new Predecessor<>("a kind", sticky(settings), affinity, Long.MAX_VALUE);
  }

  private static StickyConfig sticky(String settings) {
    String yaml = TestGateway.yaml(
        "http", "", "stickySession: " + settings, List.of("{id: a, address: \"127.0.0.1:1\"}"));
    return ConfigReader.source(yaml).source().config().pools().get(0).stickySession();
  }

  /** The fields of a response. */
  private static final class Answer {
    private final Map<String, List<String>> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    Answer with(String name, String value) {
      fields.put(name, List.of(value));
      return this;
    }
  }

  /** A request is the value of its Cookie field. */
  private static final class Access implements HttpAccess<String, Answer> {
    @Override
    public List<String> requestFields(String request, String name) {
      return name.equalsIgnoreCase("Cookie") && !request.isEmpty() ? List.of(request) : List.of();
    }

    @Override
    public int status(Answer response) {
      return 200;
    }

    @Override
    public List<String> fields(Answer response, String name) {
      return response.fields.getOrDefault(name, List.of());
    }

    @Override
    public void setFields(Answer response, String name, List<String> values) {
      response.fields.put(name, values);
    }
  }

  /** Counts how often it is peeked at. */
  private static final class Counted extends ForwardingAffinity<String> {
    private final Affinity<String> to;
    private final AtomicLong peeks;

    Counted(Affinity<String> to, AtomicLong peeks) {
      super(to);
      this.to = to;
      this.peeks = peeks;
    }

    @Override
    public Recall recall(String request, PoolSnapshot now) {
      return to.recall(request, now);
    }

    @Override
    public Recall peek(String request, PoolSnapshot now) {
      peeks.incrementAndGet();
      return to.peek(request, now);
    }

    @Override
    public long key(String request) {
      return KeyExtractor.NONE;
    }

    @Override
    public boolean admits(String request, long key) {
      return true;
    }
  }
}
