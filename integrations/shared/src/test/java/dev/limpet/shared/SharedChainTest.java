package dev.limpet.shared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.l7.AppCookieAffinity;
import dev.limpet.l7.HttpAccess;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import dev.limpet.l7.StickyExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * An app cookie in a shared table, chained before an LB cookie, in pools that count connections.
 */
class SharedChainTest {
  private static final StickySession SID = StickySession.appCookie("SID");
  private static final Duration LONG = SID.duration().multipliedBy(3);
  private static final Duration QUARTER = SID.duration().dividedBy(4);

  private final ModelTime time = new ModelTime();
  private final ModelStore store = new ModelStore(time, SID);
  private final Proxy left = new Proxy();
  private final Proxy right = new Proxy();

  @Test
  void aClient_hasAnLbCookieUntilItsLogIn_atBothProxies() {
    Map<String, String> jar = new HashMap<>();

    Route first = left.visit(jar);
    Route second = right.visit(jar);
    Route login = right.visit(jar, "SID=s1");
    Route third = left.visit(jar);

    assertThat(first).hasToString("NEW " + id(first) + " (UNKNOWN)");
    assertThat(List.of(first.affinity(), second.affinity(), login.affinity(), third.affinity()))
        .containsExactly(1, 1, 1, 0);
    assertThat(List.of(id(second), id(login), id(third))).containsOnly(id(first));
    assertThat(third.outcome()).isEqualTo(Outcome.KEPT);
    assertNothingIsHeld();
  }

  @Test
  void withoutTheStore_bothProxiesChooseAlikeForAnUnknownValue_andAnLbCookieBindsIt() {
    left.link.cut();
    right.link.cut();
    for (int session = 0; session < 20; session++) {
      Map<String, String> jar = new HashMap<>(Map.of("SID", "unknown" + session));
      Map<String, String> other = new HashMap<>(jar);

      Route first = left.visit(jar);
      Route parallel = right.visit(other);
      Route next = right.visit(jar);

      assertThat(id(parallel)).isEqualTo(id(first));
      assertThat(first.affinity()).isEqualTo(1);
      assertThat(next).hasToString("KEPT " + id(first));
    }
    assertNothingIsHeld();
  }

  @Test
  void anOpenExchange_keepsTheAppCookieForBothProxies_andTheLbCookieExpires() {
    Map<String, String> jar = new HashMap<>();
    Route login = left.visit(jar, "SID=s1");
    StickyExchange<Map<String, String>, Response> stream =
        left.router.beginAsync(jar).toCompletableFuture().join();
    for (Duration passed = Duration.ZERO;
        passed.compareTo(LONG) < 0;
        passed = passed.plus(QUARTER)) {
      time.pass(QUARTER);
      left.router.renewOpenSessions();
    }

    Route elsewhere = right.visit(jar);
    stream.close();

    assertThat(elsewhere).hasToString("KEPT " + id(login));
    assertThat(elsewhere.affinity()).isZero();
    assertNothingIsHeld();
  }

  @Test
  void aSessionThatMovedAtOneProxy_isFoundByTheOther_thoughItsLbCookieSaysElse() {
    Map<String, String> jar = new HashMap<>();
    String home = id(right.visit(jar, "SID=s1"));
    right.pool.change(edit -> edit.down(home));
    String moved = id(right.visit(jar));
    right.pool.change(edit -> edit.up(home));

    Route route = left.visit(jar);

    assertThat(moved).isNotEqualTo(home);
    assertThat(route).hasToString("KEPT " + moved);
    assertNothingIsHeld();
  }

  @Test
  void whileTheStoreIsAsked_aCallerMayGiveUp_andHoldsNothing() {
    Map<String, String> jar = new HashMap<>();
    right.visit(jar, "SID=s1");
    left.link.delay(() -> Duration.ofMillis(5));
    CompletableFuture<StickyExchange<Map<String, String>, Response>> waiting =
        left.router.beginAsync(jar).toCompletableFuture();
    CompletableFuture<Route> routed = left.router.routeAsync(jar).toCompletableFuture();
    assertThat(waiting).isNotDone();
    assertThat(routed).isNotDone();

    waiting.cancel(false);
    routed.cancel(false);
    time.pass(Duration.ofMillis(20));

    assertNothingIsHeld();
    assertThat(left.visit(jar).affinity()).as("known from then on").isZero();
  }

  private void assertNothingIsHeld() {
    assertThat(left.connections() + right.connections()).isZero();
  }

  private static String id(Route route) {
    Backend backend = route.backend();
    return (backend == null) ? "none" : backend.id();
  }

  /** One proxy, whose requests are the cookies of a client. */
  private final class Proxy {
    final ModelLink link = store.link();
    final Environment environment = Fleet.COMMON.withClock(time).withWallClock(time);
    final Pool pool = Pool.builder("app")
        .backends(List.of(
            Backend.of("a", "10.0.0.1", 1),
            Backend.of("b", "10.0.0.1", 2),
            Backend.of("c", "10.0.0.1", 3)))
        .environment(environment)
        .countConnections()
        .build();
    final HttpRouter<Map<String, String>, Response> router = HttpRouter.of(
        pool,
        AppCookieAffinity.builder(new Access())
            .session(SID)
            .environment(environment)
            .table(SharedTable.builder(link)::build)
            .build()
            .orElse(LbCookieAffinity.builder(pool, new Access()).encrypted(true).build()));

    /** Sends a request, lets the backend set cookies, and gives the client what it is sent. */
    Route visit(Map<String, String> jar, String... setCookies) {
      StickyExchange<Map<String, String>, Response> exchange =
          router.beginAsync(jar).toCompletableFuture().join();
      Response response = new Response(new ArrayList<>(List.of(setCookies)));
      assertThat(exchange.respondedAsync(response)).isCompleted();
      exchange.close();
      response.setCookies().forEach(field -> {
        String pair = field.split(";", 2)[0];
        jar.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
      });
      return exchange.route();
    }

    int connections() {
      return pool.snapshot().members().stream()
          .mapToInt(member -> member.load().connections())
          .sum();
    }
  }

  private record Response(List<String> setCookies) {}

  private static final class Access implements HttpAccess<Map<String, String>, Response> {
    @Override
    public List<String> requestFields(Map<String, String> request, String name) {
      return request.entrySet().stream()
          .map(e -> e.getKey() + '=' + e.getValue())
          .toList();
    }

    @Override
    public int status(Response response) {
      return 200;
    }

    @Override
    public List<String> fields(Response response, String name) {
      return name.equalsIgnoreCase("Set-Cookie") ? List.copyOf(response.setCookies()) : List.of();
    }

    @Override
    public void setFields(Response response, String name, List<String> values) {
      if (name.equalsIgnoreCase("Set-Cookie")) {
        response.setCookies().clear();
        response.setCookies().addAll(values);
      }
    }
  }
}
