package dev.limpet.core.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Routing;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.StickyTableRaceContract.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an affinity by a key is made of. */
class KeyAffinityTest {
  private static final StickySession SESSION =
      StickySession.custom().withDuration(Duration.ofMinutes(7));

  private final List<StickySession> sessions = new ArrayList<>();
  private final List<Environment> environments = new ArrayList<>();

  @Test
  void table_isMadeOnceOfTheSessionAndTheEnvironmentWheneverTheyAreGiven() {
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(Routing.TEXT)
        .table(this::table)
        .session(SESSION)
        .environment(Routing.ENVIRONMENT)
        .build();

    assertThat(sessions).containsExactly(SESSION);
    assertThat(environments).containsExactly(Routing.ENVIRONMENT);
    assertThat(affinity.session()).isEqualTo(SESSION);
    assertThat(affinity.environment()).isSameAs(Routing.ENVIRONMENT);
  }

  @Test
  void environment_isThatOfTheProcessUnlessItIsGiven() {
    KeyAffinity<String> affinity =
        KeyAffinity.<String>builder(Routing.TEXT).table(this::table).build();

    assertThat(affinity.environment()).isSameAs(Environment.local());
    assertThat(environments).containsExactly(Environment.local());
  }

  @Test
  void keys_areMadeWithTheSecretOfTheEnvironment() {
    KeyExtractor<String> text = Routing.TEXT;
    KeyAffinity<String> affinity =
        KeyAffinity.<String>builder(text).environment(Routing.ENVIRONMENT).build();

    assertThat(affinity.key("session"))
        .isEqualTo(Routing.key("session"))
        .isNotEqualTo(KeyAffinity.<String>builder(text).build().key("session"));
  }

  @Test
  void tableOfNobodysMaking_expiresByTheClockOfTheEnvironment() {
    ManualClock clock = new ManualClock(0);
    KeyAffinity<String> affinity = KeyAffinity.<String>builder(Routing.TEXT)
        .session(SESSION)
        .environment(Routing.ENVIRONMENT.withClock(clock))
        .build();
    affinity.bind(1, null, "a", true);

    clock.advance(SESSION.duration().minusNanos(1));
    assertThat(affinity.unbind(1, "b")).isFalse();
    assertThat(affinity.bind(1, null, "b", true).name()).isEqualTo("a");
    clock.advance(SESSION.duration().multipliedBy(2));
    assertThat(affinity.bind(1, null, "b", true).name()).isEqualTo("b");
  }

  @Test
  void factoryThatMakesNothing_isRefused() {
    KeyAffinity.Builder<String> builder =
        KeyAffinity.<String>builder(Routing.TEXT).table((session, environment) -> null);

    assertThatNullPointerException().isThrownBy(builder::build).withMessage("table");
  }

  private StickyTable table(StickySession session, Environment environment) {
    sessions.add(session);
    environments.add(environment);
    return Routing.table(10);
  }
}
