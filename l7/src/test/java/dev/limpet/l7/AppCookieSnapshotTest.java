package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Environment;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.table.CaffeineStickyTable;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppCookieSnapshotTest {
  @TempDir
  private Path folder;

  private final TestClock clock = new TestClock();
  private final Pool pool =
      Pool.of("app", LbFixture.backend("a"), LbFixture.backend("b"), LbFixture.backend("c"));

  @Test
  void learnedValues_areKnownAfterARestart() throws IOException {
    AppCookieAffinity<Request, Response> before = affinity();
    HttpRouter<Request, Response> router = HttpRouter.of(pool, before);
    Browser[] browsers = new Browser[20];
    Route[] routes = new Route[browsers.length];
    for (int i = 0; i < browsers.length; i++) {
      browsers[i] = new Browser();
      routes[i] = browsers[i].visit(router, AppFixture.sets("SID=" + i));
    }
    before.save(folder.resolve("sessions"));

    clock.advance(Duration.ofMinutes(1));
    AppCookieAffinity<Request, Response> after = affinity();
    assertThat(after.restore(folder.resolve("sessions"))).isEqualTo(Restored.of(20, 0, 0));
    HttpRouter<Request, Response> restarted = HttpRouter.of(pool, after);
    for (int i = 0; i < browsers.length; i++) {
      Route route = browsers[i].visit(restarted);
      assertThat(route.outcome()).isEqualTo(Outcome.KEPT);
      assertThat(route.backend()).isEqualTo(routes[i].backend());
    }
  }

  @Test
  void valuesThatHaveElapsed_areNot() throws IOException {
    AppCookieAffinity<Request, Response> before = affinity();
    new Browser().visit(HttpRouter.of(pool, before), AppFixture.sets("SID=x"));
    before.save(folder.resolve("sessions"));
    clock.advance(Duration.ofHours(1));
    assertThat(affinity().restore(folder.resolve("sessions"))).isEqualTo(Restored.of(0, 1, 0));
  }

  @Test
  void valuesOfAnotherSecret_areRefused() throws IOException {
    AppCookieAffinity<Request, Response> before = affinity();
    new Browser().visit(HttpRouter.of(pool, before), AppFixture.sets("SID=x"));
    before.save(folder.resolve("sessions"));

    Restored restored = affinity(LbFixture.secret(2)).restore(folder.resolve("sessions"));

    assertThat(restored.refusal()).startsWith("signature: wrong");
  }

  @Test
  void otherTable_cannotBeSaved() {
    AppCookieAffinity<Request, Response> affinity = new AppFixture().affinity;
    Path file = folder.resolve("sessions");
    String refusal =
        "table: " + CaffeineStickyTable.class.getName() + " (expected: a SaveableTable)";
    assertThatThrownBy(() -> affinity.save(file))
        .isInstanceOf(IOException.class)
        .hasMessage(refusal);
    assertThat(affinity.restore(file)).isEqualTo(Restored.refused(refusal));
  }

  @Test
  void remainingSessions_areThoseThatWereLearned() {
    AppFixture app = new AppFixture();
    Route route = new Browser().visit(app.router, AppFixture.sets("SID=x"));
    String home = Objects.requireNonNull(route.backend()).name();
    assertThat(app.affinity.remaining(home).bindings()).hasValue(1);
    app.router.route(Request.of("SID=unknown"));
    assertThat(app.affinity.remaining(home).bindings()).hasValue(1);
    app.advance(app.affinity.remaining(home).longest());
    assertThat(app.affinity.remaining(home)).isEqualTo(Remaining.NOTHING);
  }

  /** The affinity of a process, before or after a restart, with the same secret. */
  private AppCookieAffinity<Request, Response> affinity() {
    return affinity(LbFixture.secret(1));
  }

  private AppCookieAffinity<Request, Response> affinity(byte[] secret) {
    return AppCookieAffinity.builder(Response.ACCESS)
        .session(StickySession.appCookie("SID"))
        .environment(Environment.of(secret).withWallClock(clock))
        .build();
  }
}
