package dev.limpet.core;

import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Profiles check each affinity of a chain. */
class ChainProfileTest {
  private static final StickySession APP_COOKIE = StickySession.appCookie("JSESSIONID");

  private final Pool pool = pool("a");

  @Test
  void aSourceAddressAtLayer7_needsTheOpenProfile() {
    Affinity<String> chain = affinity(APP_COOKIE).orElse(affinity(StickySession.sourceIp()));

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> StickyRouter.of(pool, chain))
        .withMessageContaining("type: source-ip")
        .withMessageContaining("layer 7")
        .withMessageContaining(Profile.class.getSimpleName() + ".OPEN")
        .satisfies(thrown -> assertThat(thrown.faults()).hasSize(1));
    assertThatCode(() -> build(Profile.OPEN, chain)).doesNotThrowAnyException();
  }

  @Test
  void theFaultsOfAll_areNamed() {
    Affinity<String> chain = affinity(APP_COOKIE.withDuration(Duration.ofDays(2)))
        .orElse(affinity(StickySession.lbCookie().withDuration(Duration.ofDays(3))))
        .orElse(affinity(StickySession.custom().withDuration(Duration.ofDays(400))));

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> build(Profile.CLASSIC, chain))
        .withMessageContaining("type: app-cookie")
        .withMessageContaining("duration: PT48H")
        .withMessageContaining("duration: PT72H")
        .withMessageContaining("duration: PT9600H");
  }

  @ParameterizedTest
  @EnumSource(Profile.class)
  void aCustomSessionNextToOthers_isAllowed(Profile profile) {
    Affinity<String> chain =
        affinity(StickySession.custom()).orElse(affinity(StickySession.lbCookie()));
    assertThatCode(() -> build(profile, chain)).doesNotThrowAnyException();
  }

  @Test
  void theSameFaultOfTwoAffinities_isNamedOnce() {
    StickySession session = APP_COOKIE.withDuration(Duration.ofDays(2));
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> StickyRouter.of(pool, affinity(session).orElse(affinity(session))))
        .satisfies(thrown -> assertThat(thrown.faults()).hasSize(1));
  }

  @Test
  void noAffinityInAChain_isNoFault() {
    assertThatCode(() -> StickyRouter.of(
            pool(new WeightedRendezvous(), Routing.backend("a")),
            Affinity.<String>none().orElse(Affinity.none())))
        .doesNotThrowAnyException();
  }

  private StickyRouter<String> build(Profile profile, Affinity<String> affinity) {
    return StickyRouter.<String>builder(pool, affinity).profile(profile).build();
  }

  private static KeyAffinity<String> affinity(StickySession session) {
    return KeyAffinity.<String>builder(TEXT)
        .session(session)
        .table((declared, environment) -> Routing.table(10))
        .build();
  }
}
