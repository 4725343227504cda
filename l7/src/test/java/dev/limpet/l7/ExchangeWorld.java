package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.limpet.core.Affinity;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Profile;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.ForwardingAffinity;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A router of one of several affinities; two with the same settings behave alike. */
final class ExchangeWorld {

  /** Which sessions the router knows. */
  enum Kind {
    LB,
    ENCRYPTED,
    APP,
    CUSTOM,
    APP_THEN_LB,
    CUSTOM_THEN_APP_THEN_LB
  }

  /** Longer than the requests of a property take, so that no token ends during one of them. */
  static final Duration DURATION = Duration.ofHours(12);

  private static final StickySession SID =
      StickySession.appCookie("SID").withDuration(AppFixture.DURATION);

  final HttpRouter<Sent, Response> router;
  final Pool pool;
  final StickyTable table;
  private final TestClock clock = new TestClock();
  private final LbCookieAffinity<Sent, Response> lb;
  private long nanos;

  private final AppCookieAffinity<Sent, Response> app;
  private final LateTable late;

  ExchangeWorld(Kind kind, boolean counts, Failover failover) {
    this(kind, counts, failover, false, 100);
  }

  private ExchangeWorld(
      Kind kind, boolean counts, Failover failover, boolean isLate, int capacity) {
    Environment environment = Environment.of(ExchangeScene.SECRET.getBytes(US_ASCII))
        .withClock(() -> nanos)
        .withWallClock(clock);
    var backends = Pool.builder("web")
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c")))
        .balancer(new InTurn())
        .environment(environment);
    this.pool = (counts ? backends.countConnections() : backends).build();
    StickyTable here = CaffeineStickyTable.of(SID, capacity, environment.clock());
    this.late = new LateTable(here);
    this.table = isLate ? late : here;
    Sent.Access access = new Sent.Access();
    this.lb = LbCookieAffinity.builder(pool, access)
        .session(StickySession.lbCookie().withDuration(DURATION))
        .refreshThreshold(LbFixture.THRESHOLD)
        .keys(keys(1, 0))
        .encrypted(kind == Kind.ENCRYPTED)
        .environment(environment)
        .build();
    this.app = AppCookieAffinity.builder(access)
        .session(SID)
        .environment(environment)
        .table((session, given) -> table)
        .build();
    this.router = HttpRouter.builder(pool, affinity(kind, new ByUser(access, environment)))
        .profile(Profile.OPEN)
        .failover(failover)
        .balanceBy(KeyExtractor.<Sent>string(sent -> "by " + sent.field("User")))
        .build();
  }

  private HttpAffinity<Sent, Response> affinity(Kind kind, ByUser custom) {
    return switch (kind) {
      case LB, ENCRYPTED -> lb;
      case APP -> app;
      case CUSTOM -> custom;
      case APP_THEN_LB -> app.orElse(lb);
      case CUSTOM_THEN_APP_THEN_LB -> custom.orElse(app.orElse(lb));
    };
  }

  /** A world that counts connections, whose small table answers when the test says so. */
  static ExchangeWorld late(Kind kind, Failover failover) {
    return new ExchangeWorld(kind, true, failover, true, 3);
  }

  /** Answers what the table was asked, or is out of reach. */
  void answer(boolean reachable) {
    if (reachable) {
      late.answer();
    } else {
      late.fail();
    }
  }

  /** The backend that a value of the app cookie is bound to, or none. */
  String bound(String value) {
    return String.valueOf(table.peek(app.tableKey(Sent.of("SID=" + value))));
  }

  /** Keys that verify the tokens of some before. */
  static CookieKeys keys(int signing, int verified) {
    CookieKeys.Builder keys = CookieKeys.builder().signing(signing, LbFixture.secret(signing));
    for (int id = Math.max(1, signing - verified); id < signing; id++) {
      keys.verifyOnly(id, LbFixture.secret(id));
    }
    return keys.build();
  }

  void rotate(int signing, int verified) {
    lb.rotate(keys(signing, verified));
  }

  void advance(Duration duration) {
    nanos += duration.toNanos();
    clock.advance(duration);
  }

  String stats() {
    ResponseStats answers = router.responseStats();
    return router.stats()
        + " issued " + answers.issued()
        + " refreshed " + answers.refreshed()
        + " learned " + answers.learned()
        + " rejected " + answers.learnRejected()
        + " unlearned " + answers.unlearned()
        + " foreign " + answers.foreignSetCookies()
        + ' ' + answers.foreignCookies()
        + " ambiguous " + answers.ambiguousTags();
  }

  static String shown(Route route) {
    Route failed = route.failed();
    return route.affinity() + " " + route + (failed == null ? "" : " after " + shown(failed));
  }

  /** An affinity of an embedder's own, which also changes fields. */
  private static final class ByUser extends ForwardingAffinity<Sent>
      implements HttpAffinity<Sent, Response> {
    private final Affinity<Sent> users;
    private final Sent.Access access;

    ByUser(Sent.Access access, Environment environment) {
      this(
          access,
          KeyAffinity.builder(KeyExtractor.<Sent>string(sent -> sent.field("User")))
              .environment(environment)
              .build());
    }

    private ByUser(Sent.Access access, Affinity<Sent> users) {
      super(users);
      this.access = access;
      this.users = users;
    }

    @Override
    public Recall recall(Sent request, PoolSnapshot now) {
      return users.recall(request, now);
    }

    @Override
    public Recall peek(Sent request, PoolSnapshot now) {
      return users.peek(request, now);
    }

    @Override
    public long key(Sent request) {
      return users.key(request);
    }

    @Override
    public boolean admits(Sent request, long key) {
      return users.admits(request, key);
    }

    @Override
    public HttpAccess<Sent, Response> access() {
      return access;
    }

    @Override
    public void onResponse(Sent request, Route route, Response response) {
      access.setFields(response, "X-Outcome", List.of(route.toString()));
    }

    @Override
    public Map<String, List<String>> fieldsToBackend(Sent request) {
      return Map.of("X-User", List.of(request.field("User")));
    }

    @Override
    public ResponseStats responseStats() {
      return ResponseStats.NONE;
    }
  }
}
