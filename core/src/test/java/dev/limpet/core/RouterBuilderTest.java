package dev.limpet.core;

import static dev.limpet.core.Routing.TEXT;
import static dev.limpet.core.Routing.backend;
import static dev.limpet.core.Routing.pool;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.limpet.core.affinity.KeyAffinity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a router's builder makes of the affinity's declaration. */
class RouterBuilderTest {
  private static final String ROUND_ROBIN_AT_4 =
      "weighted-round-robin with a stickiness duration at layer 4";
  private static final String OPEN = "[profile enhanced, allowed by Profile.OPEN]";

  private final Pool hashed = pool(new WeightedRendezvous(), backend("a"));

  @Test
  void aCustomKey_mayLastAsLongAsItLikesWithAnyBalancer() {
    KeyAffinity<String> affinity =
        affinity(StickySession.custom().withDuration(Duration.ofHours(8)));

    StickyRouter<String> router = StickyRouter.of(hashed, affinity);

    assertThat(router.pool()).isSameAs(hashed);
    assertThat(router.route("x")).hasToString("NEW a (UNKNOWN)");
  }

  @Test
  void aSessionOfAProduct_hasItsLimits_andTheTextNamesTheWayOut() {
    KeyAffinity<String> brief =
        affinity(StickySession.sourceIp().withDuration(Duration.ofSeconds(59)));

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> StickyRouter.of(hashed, brief))
        .withMessage("algorithm: weighted-rendezvous (expected: " + ROUND_ROBIN_AT_4 + ") " + OPEN
            + "; duration: PT59S (expected: PT1M..PT1H at layer 4, in whole seconds) " + OPEN)
        .satisfies(e -> assertThat(e.faults())
            .extracting(Fault::setting)
            .containsExactly("algorithm", "duration"));
    assertThat(StickyRouter.<String>builder(hashed, brief)
            .profile(Profile.OPEN)
            .build()
            .pool())
        .isSameAs(hashed);
  }

  /** The layer is that of the type: addresses are seen at layer 4, cookies at layer 7. */
  @ParameterizedTest
  @CsvSource({"SOURCE_IP, PT1H, layer 4", "LB_COOKIE, PT24H, layer 7", "APP_COOKIE, PT24H, layer 7"
  })
  void eachType_hasTheDurationsOfItsLayer(StickySession.Type type, Duration longest, String layer) {
    StickySession session =
        StickySession.of(type).withCookieName(type == StickySession.Type.SOURCE_IP ? null : "SID");
    String rule = "PT1M.." + longest + " at " + layer + ", in whole seconds";

    StickyRouter.of(pool("a"), affinity(session.withDuration(Duration.ofMinutes(1))));
    StickyRouter.of(pool("a"), affinity(session.withDuration(longest)));
    for (Duration wrong :
        new Duration[] {Duration.ofSeconds(59), longest.plusSeconds(1), Duration.ofHours(25)}) {
      KeyAffinity<String> affinity = affinity(session.withDuration(wrong));
      assertThatExceptionOfType(FaultException.class)
          .isThrownBy(() -> StickyRouter.of(pool("a"), affinity))
          .withMessage("duration: " + wrong + " (expected: " + rule + ") " + OPEN);
      StickyRouter.builder(pool("a"), affinity).profile(Profile.OPEN).build();
    }
  }

  @Test
  void aSourceIpAtLayer7_isRefusedByDefault_andTheTextNamesTheWayOut() {
    KeyAffinity<String> affinity = affinity(StickySession.sourceIp());

    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> builder(affinity, Layer.LAYER_7).build())
        .withMessage("type: source-ip (expected: lb-cookie or app-cookie at layer 7) " + OPEN);
    builder(affinity, Layer.LAYER_7).profile(Profile.OPEN).build();
    builder(affinity, Layer.LAYER_4).build();
    builder(affinity, null).build();
  }

  @Test
  void aCookieAtLayer4_isRefusedByEveryProfile_andNoWayOutIsNamed() {
    KeyAffinity<String> affinity = affinity(StickySession.lbCookie());

    for (Profile profile : Profile.values()) {
      assertThatExceptionOfType(FaultException.class)
          .isThrownBy(() -> builder(affinity, Layer.LAYER_4).profile(profile).build())
          .withMessage(
              "type: lb-cookie (expected: source-ip at layer 4) [profile " + profile + "]");
    }
  }

  private static KeyAffinity<String> affinity(StickySession session) {
    return KeyAffinity.builder(TEXT).session(session).build();
  }

  private static RouterBuilder<String, StickyRouter<String>> builder(
      Affinity<String> affinity, @Nullable Layer layer) {
    return new RouterBuilder<>(pool("a"), affinity, layer, Subclass::new);
  }

  /** A router that does more than a sticky router. */
  private static final class Subclass extends StickyRouter<String> {
    Subclass(RouterBuilder<String, StickyRouter<String>> settings) {
      super(settings);
    }
  }
}
