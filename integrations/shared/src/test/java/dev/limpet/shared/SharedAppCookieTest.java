package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Sessions of an application's cookie, which one proxy learns and others find. */
class SharedAppCookieTest {
  private static final StickySession SESSION = StickySession.appCookie("SID");

  private final ModelTime time = new ModelTime();
  private final ModelStore store = new ModelStore(time, SESSION);
  private final Proxy left = new Proxy();
  private final Proxy right = new Proxy();

  @Test
  void aSessionThatOneProxyLearned_isFoundByAnother() {
    String backend = left.login("SID=s1");

    assertThat(right.route("SID=s1")).hasToString("KEPT " + backend);
  }

  @Test
  void route_ofASessionThatAnotherProxyLearned_isWrongAtMostOnce() {
    left.link.delay(() -> Duration.ofMillis(1));
    right.link.delay(() -> Duration.ofMillis(1));
    int wrong = 0;
    for (int session = 0; session < 100; session++) {
      String cookie = "SID=s" + session;
      String backend = left.login(cookie);
      time.pass(Duration.ofMillis(2));

      wrong += right.router.route(List.of(cookie)).backend().id().equals(backend) ? 0 : 1;
      time.pass(Duration.ofMillis(2));

      assertThat(right.router.route(List.of(cookie))).hasToString("KEPT " + backend);
    }
    assertThat(wrong).isBetween(30, 99);
  }

  @Test
  void responseThatWaited_isFollowedByTheRightBackendAtEachProxy() {
    Random random = new Random(1);
    for (Proxy proxy : List.of(left, right)) {
      proxy.link.delay(() -> Duration.ofNanos(100_000 + random.nextInt(9_000_000)));
    }
    for (int session = 0; session < 300; session++) {
      String cookie = "SID=s" + session;
      Route first = left.route();
      CompletableFuture<Void> ready = left.answerAsync(first, cookie);
      assertThat(ready).isNotDone();
      time.pass(ModelLink.DEADLINE);
      assertThat(ready).isCompleted();

      CompletableFuture<Route> next = right.ask(cookie);
      time.pass(ModelLink.DEADLINE);

      assertThat(next.join()).hasToString("KEPT " + first.backend().id());
      assertThat(left.route(cookie)).hasToString("KEPT " + first.backend().id());
    }
  }

  @Test
  void responseIsReady_notBeforeTheStoreHasTheSession() {
    left.link.delay(() -> Duration.ofMillis(1));
    CompletableFuture<Void> ready = left.answerAsync(left.route(), "SID=s1");

    for (int i = 0; i < 20; i++) {
      assertThat(ready.isDone()).isFalse();
      time.pass(Duration.ofMillis(2).dividedBy(20));
    }
    assertThat(ready).isCompleted();
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void exchangeWaitsForTheStore_asItsRouterDoes() {
    left.link.delay(() -> Duration.ofMillis(1));
    String backend;
    CompletableFuture<Void> ready;
    try (StickyExchange<List<String>, String[]> exchange = left.router.begin(List.of())) {
      backend = exchange.route().backend().id();
      ready = exchange.respondedAsync(new String[] {"SID=s1"}).toCompletableFuture();
    }
    assertThat(ready).isNotDone();
    time.pass(Duration.ofMillis(2));

    assertThat(ready).isCompleted();
    assertThat(right.route("SID=s1")).hasToString("KEPT " + backend);
  }

  @Test
  void severalNewValuesInAResponse_areAllInTheStoreWhenItIsReady() {
    left.link.delay(() -> Duration.ofMillis(1));
    Route first = left.route();
    CompletableFuture<Void> ready = left.answerAsync(first, "SID=s1", "SID=s2");
    time.pass(Duration.ofMillis(2));

    assertThat(ready).isCompleted();
    for (String cookie : List.of("SID=s1", "SID=s2")) {
      assertThat(right.route(cookie)).hasToString("KEPT " + first.backend().id());
    }
  }

  @Test
  void responseWithoutANewSession_isReadyAtOnce() {
    String backend = left.login("SID=s1");
    left.link.delay(() -> Duration.ofMillis(1));
    Route kept = left.route("SID=s1");

    assertThat(left.answerAsync(kept)).isCompleted();
    assertThat(left.answerAsync(kept, List.of("SID=s1"), "SID=s1")).isCompleted();
    assertThat(left.answerAsync(kept, List.of("SID=s1"), "SID=; Max-Age=0")).isCompleted();
    assertThat(kept.backend().id()).isEqualTo(backend);
  }

  @Test
  void withoutTheStore_theResponseIsReadyAfterItsDeadlineAndTheSessionIsKnownHere() {
    left.link.lose(() -> true);
    Route first = left.route();
    CompletableFuture<Void> ready = left.answerAsync(first, "SID=s1");
    time.pass(ModelLink.DEADLINE.minusNanos(1));
    assertThat(ready).isNotDone();
    time.pass(Duration.ofNanos(1));

    assertThat(ready).isCompleted();
    assertThat(left.route("SID=s1")).hasToString("KEPT " + first.backend().id());
  }

  @Test
  void sessionThatWasLearnedWithoutTheStore_isReportedOnceItAnswers() {
    left.link.cut();
    Route first = left.route();
    assertThat(left.answerAsync(first, "SID=s1")).isCompleted();

    left.link.heal();
    time.pass(Duration.ofSeconds(1));

    assertThat(right.route("SID=s1")).hasToString("KEPT " + first.backend().id());
  }

  @Test
  void valueThatAnotherBackendIssuedBefore_belongsToTheOneThatIssuedItLast() {
    String old = left.login("SID=s1");
    right.route("SID=s1");
    left.pool.change(edit -> edit.drain(old));
    right.link.delay(() -> Duration.ofMillis(1));
    right.pool.change(edit -> edit.drain(old));
    Route later = right.route();
    CompletableFuture<Void> ready = right.answerAsync(later, "SID=s1");
    time.pass(Duration.ofMillis(10));

    assertThat(ready).isCompleted();
    assertThat(later.backend().id()).isNotEqualTo(old);
    assertThat(left.route("SID=s1")).hasToString("KEPT " + later.backend().id());
  }

  @Test
  void route_ofAValueThatNoBackendIssued_storesNothing() {
    Route invented = left.router.route(List.of("SID=invented"));

    assertThat(invented.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(left.router.route(List.of("SID=invented"))).hasToString(invented.toString());
    assertThat(store.size()).isZero();
  }

  @Test
  void aRequestInTheMomentOfTheResponse_isAnsweredRightOrByHash() {
    Route first = left.route();
    left.link.delay(() -> Duration.ofMillis(1));
    right.link.delay(() -> Duration.ofMillis(1));
    left.answer(first, "SID=s1");

    CompletableFuture<Route> early = right.ask("SID=s1");
    time.pass(Duration.ofMillis(2));
    CompletableFuture<Route> later = right.ask("SID=s1");
    time.pass(Duration.ofMillis(2));

    assertThat(early.join().outcome()).isIn(Outcome.KEPT, Outcome.HASHED);
    assertThat(later.join()).hasToString("KEPT " + first.backend().id());
  }

  @Test
  void aSessionThatIsLearnedWhileTheStoreIsAsked_isKept_thoughTheStoreSaysNothing() {
    Route first = left.route();
    left.link.delay(() -> Duration.ofSeconds(2));
    CompletableFuture<Route> early = left.ask("SID=s1");

    left.answer(first, "SID=s1");
    time.pass(ModelLink.DEADLINE);

    assertThat(early.join()).hasToString("KEPT " + first.backend().id());
  }

  @Test
  void aValueThatNoBackendIssued_isStoredNowhere_andGoesByTheSameHashEverywhere() {
    Route invented = left.route("SID=invented");

    assertThat(invented.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(right.route("SID=invented")).hasToString(invented.toString());
    assertThat(store.size()).isZero();
  }

  @Test
  void aSessionThatIsLoggedOutAtOneProxy_isForgottenAtAll() {
    left.login("SID=s1");
    Route route = right.route("SID=s1");

    right.router.onResponse(List.of("SID=s1"), route, new String[] {"SID=; Max-Age=0"});

    assertThat(store.size()).isZero();
    assertThat(left.route("SID=s1").outcome()).isEqualTo(Outcome.HASHED);
  }

  @Test
  void aSessionThatAnotherBackendTookOver_isThereAtAllProxies() {
    String old = left.login("SID=s1");
    right.route("SID=s1");
    Route kept = left.route("SID=s1");
    left.pool.change(edit -> edit.down(old));
    right.pool.change(edit -> edit.down(old));

    Route moved = left.route("SID=s1");

    assertThat(kept.backend().id()).isEqualTo(old);
    assertThat(moved.outcome()).isEqualTo(Outcome.MOVED);
    assertThat(right.route("SID=s1")).hasToString("KEPT " + moved.backend().id());
  }

  @Test
  void aSessionThatWasLearnedWithoutTheStore_isToldOfByItsFirstUseWithIt() {
    left.link.cut();
    String backend = left.login("SID=s1");
    assertThat(left.route("SID=s1")).hasToString("KEPT " + backend);

    left.link.heal();
    left.route("SID=s1");

    assertThat(right.route("SID=s1")).hasToString("KEPT " + backend);
  }

  @Test
  void aSessionThatIsLearnedWhereThereIsNoPlaceAtHand_isInTheStore() {
    Proxy small = new Proxy(1);
    String first = small.login("SID=s1");
    String second = small.login("SID=s2");

    assertThat(small.route("SID=s1")).hasToString("KEPT " + first);
    assertThat(small.route("SID=s2")).hasToString("KEPT " + second);
    assertThat(right.route("SID=s2")).hasToString("KEPT " + second);
  }

  /** One proxy, whose requests are Cookie fields and whose responses one Set-Cookie field. */
  private final class Proxy {
    final ModelLink link = store.link();
    final Pool pool = Pool.of(
        "app",
        Backend.of("a", "10.0.0.1", 1),
        Backend.of("b", "10.0.0.1", 2),
        Backend.of("c", "10.0.0.1", 3));
    final HttpRouter<List<String>, String[]> router;

    Proxy() {
      this(1_000);
    }

    Proxy(long capacity) {
      router = HttpRouter.of(
          pool,
          AppCookieAffinity.builder(new Access())
              .session(SESSION)
              .environment(Fleet.COMMON.withClock(time).withWallClock(time))
              .table(SharedTable.builder(link).capacity(capacity)::build)
              .build());
    }

    CompletableFuture<Route> ask(String... cookies) {
      return router.routeAsync(List.of(cookies)).toCompletableFuture();
    }

    Route route(String... cookies) {
      CompletableFuture<Route> route = ask(cookies);
      assertThat(route).isCompleted();
      return route.join();
    }

    void answer(Route route, String setCookie) {
      router.onResponse(List.of(), route, new String[] {setCookie});
    }

    CompletableFuture<Void> answerAsync(Route route, String... setCookies) {
      return answerAsync(route, List.of(), setCookies);
    }

    CompletableFuture<Void> answerAsync(Route route, List<String> cookies, String... setCookies) {
      return router.onResponseAsync(cookies, route, setCookies).toCompletableFuture();
    }

    /** Lets a backend issue a cookie, and says which it was. */
    String login(String setCookie) {
      Route route = route();
      answer(route, setCookie);
      return route.backend().id();
    }
  }

  private static final class Access implements HttpAccess<List<String>, String[]> {
    @Override
    public List<String> requestFields(List<String> request, String name) {
      return name.equalsIgnoreCase("Cookie") ? request : List.of();
    }

    @Override
    public int status(String[] response) {
      return 200;
    }

    @Override
    public List<String> fields(String[] response, String name) {
      return name.equalsIgnoreCase("Set-Cookie") ? List.of(response) : List.of();
    }

    @Override
    public void setFields(String[] response, String name, List<String> values) {
      throw new AssertionError(name);
    }
  }
}
