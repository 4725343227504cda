package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.Routing.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A router for requests in another form. */
class InFormTest {
  private final OpenSessions scene = new OpenSessions(TableKind.COMPACT);
  private final List<String> heard = new ArrayList<>();
  private final Router router = new RouterBuilder<String, Router>(
          scene.pool, scene.affinity, null, Router::new)
      .failover(Failover.LEND)
      .listener((request, route) -> heard.add(request + " " + route.outcome()))
      .build();
  private final StickyRouter<Form> other = router.form(formAffinity());

  /** A request in another form. */
  private record Form(String request) {}

  private static final Form FORM = new Form(ALICE);

  @Test
  void bothTellTheSameListenerOfTheFirstForm() {
    router.route(ALICE).close();
    other.route(FORM).close();

    assertThat(heard).containsExactly("alice NEW", "alice KEPT");
  }

  @Test
  void bothCountInTheSameStatistics() {
    router.route(ALICE).close();
    Route failed = other.route(FORM);
    other.reroute(FORM, failed).close();

    assertThat(other.stats()).hasToString(router.stats().toString());
    assertThat(router.stats().requests()).isEqualTo(2);
    assertThat(router.stats().count(Outcome.KEPT)).isEqualTo(1);
    assertThat(other.pool()).isSameAs(router.pool());
  }

  @Test
  void bothHaveTheSameRules() {
    Route home = router.route(ALICE);
    home.close();
    scene.pool.change(edit -> edit.down(id(home)));

    try (Route lent = other.route(FORM)) {
      assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    }
  }

  @Test
  void aDrainThatOneBegins_isAdvancedByTheOther() {
    Route route = router.route(ALICE);
    var drained = router.drain(id(route), Duration.ofDays(1)).toCompletableFuture();
    route.close();
    scene.pass(LONG);

    other.advanceDrains();

    assertThat(drained).isDone();
    assertThat(drained.join().result()).isEqualTo(Drained.Result.DRAINED);
  }

  @Test
  void bothKnowTheSessionsOfOpenRoutes() {
    Route open = other.route(FORM);
    scene.drain(open);
    scene.pass(LONG);
    try (Route kept = router.route(ALICE)) {
      assertThat(kept).hasToString("KEPT " + id(open));
    }
    scene.pass(LONG);
    other.renewOpenSessions();
    assertThat(scene.bound(ALICE)).isEqualTo(id(open));
    assertThat(router.unbind(ALICE)).isTrue();
    assertThat(other.peek(FORM)).hasToString("none: UNKNOWN");
    open.close();
  }

  @Test
  @Timeout(30)
  void aRouteThatWasForgotten_isCountedByBoth() throws InterruptedException {
    forget(other);
    while (router.stats().abandonedRoutes() == 0) {
      System.gc();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    assertThat(other.stats().abandonedRoutes()).isEqualTo(1);
    assertThat(scene.held()).isZero();
  }

  @Test
  void aRequestWithoutAKey_isBalancedByTheKeyOfTheFirstForm() {
    Pool pool = Routing.pool(
        new WeightedRendezvous(), Routing.backend("a"), Routing.backend("b"), Routing.backend("c"));
    Router balanced = new RouterBuilder<String, Router>(pool, Affinity.none(), null, Router::new)
        .balanceBy(Routing.TEXT)
        .build();
    StickyRouter<Form> same = balanced.form(Affinity.none());
    for (String request : Routing.requests(50)) {
      assertThat(id(same.route(new Form(request)))).isEqualTo(id(balanced.route(request)));
    }
  }

  private static void forget(StickyRouter<Form> router) {
    assertThat(router.route(FORM).backend()).isNotNull();
  }

  private KeyAffinity<Form> formAffinity() {
    return KeyAffinity.<Form>builder(KeyExtractor.string(Form::request))
        .environment(scene.environment)
        .session(OpenSessions.SLIDING)
        .table((declared, unused) -> scene.table)
        .build();
  }

  private static final class Router extends StickyRouter<String> {
    Router(RouterBuilder<String, Router> settings) {
      super(settings);
    }

    StickyRouter<Form> form(Affinity<Form> affinity) {
      return inForm(affinity, Form::request);
    }
  }
}
