package dev.limpet.core;

import static dev.limpet.core.OpenSessions.ALICE;
import static dev.limpet.core.OpenSessions.BOB;
import static dev.limpet.core.OpenSessions.LONG;
import static dev.limpet.core.OpenSessions.SLIDING;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.key;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.TableKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions that are renewed at regular times because other processes know them, too. */
class RenewOpenSessionsTest {

  @ParameterizedTest
  @EnumSource(TableKind.class)
  void everyOpenSession_isBoundAgain(TableKind kind) {
    OpenSessions scene = new OpenSessions(kind);
    Route alice = scene.router.route(ALICE);
    Route bob = scene.router.route(BOB);
    scene.visit("carol");
    scene.pass(LONG);

    scene.router.renewOpenSessions();

    assertThat(scene.bound(ALICE)).isEqualTo(id(alice));
    assertThat(scene.bound(BOB)).isEqualTo(id(bob));
    assertThat(scene.bound("carol")).isNull();
    alice.close();
    bob.close();
  }

  @Test
  void aSessionThatWasLetGo_isNotRenewed() {
    OpenSessions scene = new OpenSessions(TableKind.COMPACT);
    Route open = scene.router.route(ALICE);
    scene.router.unbind(ALICE);

    scene.router.renewOpenSessions();

    assertThat(scene.bound(ALICE)).isNull();
    open.close();
  }

  @Test
  void sessionsOfOtherRouters_areLeftAlone() {
    OpenSessions scene = new OpenSessions(TableKind.COMPACT);
    StickyTable own = TableKind.COMPACT.of(SLIDING, 10, scene.clock);
    StickyRouter<String> other = StickyRouter.of(scene.pool, scene.affinity(SLIDING, own));
    Route mine = scene.router.route(ALICE);
    Route others = other.route(ALICE);
    scene.pass(LONG);

    other.renewOpenSessions();

    assertThat(scene.bound(ALICE)).isNull();
    assertThat(own.peek(key(ALICE))).isEqualTo(id(others));
    mine.close();
    others.close();
  }

  @Test
  void whereNothingIsOpen_noTableIsAsked() {
    List<String> asked = new ArrayList<>();
    OpenSessions scene = noting(asked);
    scene.visit(ALICE);
    asked.clear();

    scene.router.renewOpenSessions();

    assertThat(asked).isEmpty();
  }

  @Test
  void eachOpenRoute_isOneRenewal() {
    List<String> asked = new ArrayList<>();
    OpenSessions scene = noting(asked);
    Route one = scene.router.route(ALICE);
    Route two = scene.router.route(ALICE);
    Route unbound = scene.router.routeUnbound(BOB);
    asked.clear();

    scene.router.renewOpenSessions();

    assertThat(asked).containsExactly(id(one), id(one));
    one.close();
    two.close();
    unbound.close();
  }

  @Test
  void inAPoolThatDoesNotCount_nothingIsRenewed() {
    OpenSessions scene = new OpenSessions(TableKind.COMPACT);
    StickyRouter<String> router = StickyRouter.of(Routing.pool("a"), scene.affinity);
    router.route(ALICE);
    scene.pass(LONG);

    router.renewOpenSessions();

    assertThat(scene.bound(ALICE)).isNull();
  }

  @Test
  void aSharedTable_isNotAnsweredForByOpenRoutes() {
    OpenSessions scene = new OpenSessions(TableKind.COMPACT, SLIDING, 10, Shared::new);
    Route open = scene.router.route(ALICE);
    scene.drain(open);
    scene.pass(LONG);
    assertThat(scene.router.peek(ALICE))
        .as("others may have moved it")
        .hasToString("none: UNKNOWN");

    scene.router.renewOpenSessions();

    assertThat(scene.router.peek(ALICE)).hasToString(id(open));
    assertThat(scene.visit(ALICE)).hasToString("KEPT " + id(open));
    open.close();
  }

  private static OpenSessions noting(List<String> asked) {
    return new OpenSessions(TableKind.COMPACT, SLIDING, 10, table -> new ForwardingTable(table) {
      @Override
      public Bound renew(long key, String name, Duration age) {
        asked.add(name);
        return super.renew(key, name, age);
      }
    });
  }

  private static final class Shared extends ForwardingTable {
    Shared(StickyTable table) {
      super(table);
    }

    @Override
    public boolean isShared() {
      return true;
    }
  }
}
