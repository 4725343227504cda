package dev.limpet.core;

import static dev.limpet.core.Layer.LAYER_4;
import static dev.limpet.core.Layer.LAYER_7;
import static dev.limpet.core.Profile.CLASSIC;
import static dev.limpet.core.Profile.ENHANCED;
import static dev.limpet.core.Profile.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProfileTest {
  private static final Balancer ROUND_ROBIN = new WeightedRoundRobin();
  private static final Balancer RENDEZVOUS = new WeightedRendezvous();

  private static final StickySession SOURCE_IP = StickySession.sourceIp();
  private static final StickySession LB_COOKIE = StickySession.lbCookie();
  private static final StickySession APP_COOKIE = StickySession.appCookie("JSESSIONID");
  private static final StickySession CUSTOM = StickySession.custom();

  static List<Arguments> illegal() {
    return List.of(
        arguments(
            CLASSIC,
            LAYER_7,
            APP_COOKIE,
            "type: app-cookie (expected: lb-cookie at layer 7) [profile classic, allowed by"
                + " Profile.OPEN]"),
        arguments(
            CLASSIC,
            LAYER_7,
            SOURCE_IP,
            "type: source-ip (expected: lb-cookie at layer 7) [profile classic, allowed by"
                + " Profile.OPEN]"),
        arguments(
            CLASSIC,
            LAYER_4,
            LB_COOKIE,
            "type: lb-cookie (expected: source-ip at layer 4) [profile classic]"),
        arguments(
            CLASSIC,
            LAYER_4,
            APP_COOKIE,
            "type: app-cookie (expected: source-ip at layer 4) [profile classic]"),
        arguments(
            ENHANCED,
            LAYER_7,
            SOURCE_IP,
            "type: source-ip (expected: lb-cookie or app-cookie at layer 7) [profile enhanced,"
                + " allowed by Profile.OPEN]"),
        arguments(
            ENHANCED,
            LAYER_4,
            LB_COOKIE,
            "type: lb-cookie (expected: source-ip at layer 4) [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            APP_COOKIE,
            "type: app-cookie (expected: source-ip at layer 4) [profile enhanced]"),
        arguments(
            OPEN,
            LAYER_4,
            LB_COOKIE,
            "type: lb-cookie (expected: source-ip at layer 4) [profile open]"),
        arguments(
            OPEN,
            LAYER_4,
            APP_COOKIE,
            "type: app-cookie (expected: source-ip at layer 4) [profile open]"),
        arguments(
            ENHANCED,
            LAYER_4,
            lasting("PT1H1M"),
            "duration: PT1H1M (expected: PT1M..PT1H at layer 4, in whole seconds) [profile"
                + " enhanced, allowed by Profile.OPEN]"),
        arguments(
            CLASSIC,
            LAYER_4,
            lasting("PT59.999999999S"),
            "duration: PT59.999999999S (expected: PT1M..PT1H at layer 4, in whole seconds)"
                + " [profile classic, allowed by Profile.OPEN]"),
        arguments(
            ENHANCED,
            LAYER_4,
            lasting("PT1M0.5S"),
            "duration: PT1M0.5S (expected: PT1M..PT1H at layer 4, in whole seconds) [profile"
                + " enhanced, allowed by Profile.OPEN]"),
        arguments(
            ENHANCED,
            LAYER_4,
            lasting("PT-1M"),
            "duration: PT-1M (expected: PT1M..PT1H at layer 4, in whole seconds) [profile"
                + " enhanced]"),
        arguments(
            ENHANCED,
            LAYER_7,
            APP_COOKIE.withDuration(Duration.parse("PT24H1S")),
            "duration: PT24H1S (expected: PT1M..PT24H at layer 7, in whole seconds) [profile"
                + " enhanced, allowed by Profile.OPEN]"),
        arguments(
            ENHANCED,
            LAYER_7,
            LB_COOKIE.withDuration(Duration.ofSeconds(59)),
            "duration: PT59S (expected: PT1M..PT24H at layer 7, in whole seconds) [profile"
                + " enhanced, allowed by Profile.OPEN]"),
        arguments(
            ENHANCED,
            LAYER_7,
            LB_COOKIE.withDuration(Duration.ofMillis(90_500)),
            "duration: PT1M30.5S (expected: PT1M..PT24H at layer 7, in whole seconds) [profile"
                + " enhanced]"),
        arguments(
            OPEN,
            LAYER_4,
            lasting("PT0S"),
            "duration: PT0S (expected: PT0.000000001S..PT8760H at layer 4) [profile open]"),
        arguments(
            OPEN,
            LAYER_4,
            lasting("PT8760H0.000000001S"),
            "duration: PT8760H0.000000001S (expected: PT0.000000001S..PT8760H at layer 4)"
                + " [profile open]"),
        arguments(
            OPEN,
            LAYER_7,
            LB_COOKIE.withDuration(Duration.ofMillis(500)),
            "duration: PT0.5S (expected: PT1S..PT8760H at layer 7, in whole seconds) [profile"
                + " open]"),
        arguments(
            ENHANCED,
            LAYER_7,
            APP_COOKIE.withCookieName(null),
            "cookieName: absent (expected: the application's cookie with type app-cookie at"
                + " layer 7) [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_7,
            APP_COOKIE.withCookieName(""),
            "cookieName: \"\" (expected: an RFC 6265 token at layer 7) [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_7,
            LB_COOKIE.withCookieName("a\n"),
            "cookieName: \"a\\u000a\" (expected: an RFC 6265 token; '\\u000a' at index 1 at"
                + " layer 7) [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_7,
            LB_COOKIE.withCookieName("a b"),
            "cookieName: \"a b\" (expected: an RFC 6265 token; ' ' at index 1 at layer 7)"
                + " [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            SOURCE_IP.withCookieName("x"),
            "cookieName: \"x\" (expected: absent with type source-ip at layer 4) [profile"
                + " enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            SOURCE_IP.withMode(Mode.ABSOLUTE).withMaxDuration(Duration.ofHours(8)),
            "maxDuration: PT8H (expected: absent unless mode is sliding at layer 4) [profile"
                + " enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            SOURCE_IP.withMaxDuration(Duration.ofSeconds(1199)),
            "maxDuration: PT19M59S (expected: PT20M..PT8760H at layer 4, in whole seconds)"
                + " [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            SOURCE_IP.withMaxDuration(Duration.ofDays(365).plusSeconds(1)),
            "maxDuration: PT8760H1S (expected: PT20M..PT8760H at layer 4, in whole seconds)"
                + " [profile enhanced]"),
        arguments(
            ENHANCED,
            LAYER_4,
            SOURCE_IP.withMaxDuration(Duration.ofSeconds(1200, 1)),
            "maxDuration: PT20M0.000000001S (expected: PT20M..PT8760H at layer 4, in whole"
                + " seconds) [profile enhanced]"));
  }

  @ParameterizedTest
  @MethodSource("illegal")
  void refusesIllegalCombinations(
      Profile profile, Layer layer, StickySession session, String message) {
    assertThat(profile.faults(layer, ROUND_ROBIN, session)).singleElement().hasToString(message);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> profile.check(layer, ROUND_ROBIN, session))
        .withMessage(message);
  }

  static List<Arguments> legal() {
    return List.of(
        arguments(CLASSIC, LAYER_4, SOURCE_IP),
        arguments(CLASSIC, LAYER_7, LB_COOKIE),
        arguments(CLASSIC, LAYER_4, CUSTOM),
        arguments(ENHANCED, LAYER_4, SOURCE_IP),
        arguments(ENHANCED, LAYER_7, LB_COOKIE.withCookieName("__Host-lb")),
        arguments(ENHANCED, LAYER_7, APP_COOKIE),
        arguments(ENHANCED, LAYER_7, CUSTOM),
        arguments(OPEN, LAYER_7, SOURCE_IP),
        arguments(OPEN, LAYER_7, LB_COOKIE.withDuration(Duration.ofDays(365))),
        arguments(OPEN, LAYER_4, lasting("PT0.000000001S")),
        arguments(OPEN, LAYER_4, lasting("PT8760H")),
        arguments(ENHANCED, LAYER_4, lasting("PT1M")),
        arguments(ENHANCED, LAYER_4, lasting("PT1M1S")),
        arguments(ENHANCED, LAYER_4, lasting("PT59M59S")),
        arguments(ENHANCED, LAYER_4, lasting("PT1H")),
        arguments(ENHANCED, LAYER_7, APP_COOKIE.withDuration(Duration.ofHours(24))),
        arguments(CLASSIC, LAYER_7, LB_COOKIE.withDuration(Duration.ofMinutes(1))),
        arguments(ENHANCED, LAYER_4, SOURCE_IP.withMaxDuration(Duration.ofMinutes(20))),
        arguments(ENHANCED, LAYER_4, SOURCE_IP.withMaxDuration(Duration.ofDays(365))),
        arguments(ENHANCED, LAYER_4, SOURCE_IP.withMode(Mode.ABSOLUTE)));
  }

  @ParameterizedTest
  @MethodSource("legal")
  void allowsLegalCombinations(Profile profile, Layer layer, StickySession session) {
    profile.check(layer, ROUND_ROBIN, session);

    assertThat(profile.faults(layer, ROUND_ROBIN, session)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"CLASSIC", "ENHANCED"})
  void refusesOtherBalancersWithADuration(Profile profile) {
    assertThat(profile.faults(LAYER_4, RENDEZVOUS, SOURCE_IP))
        .singleElement()
        .hasToString("algorithm: weighted-rendezvous (expected: weighted-round-robin with a"
            + " stickiness duration at layer 4) [profile " + profile
            + ", allowed by Profile.OPEN]");
    assertThat(OPEN.faults(LAYER_4, RENDEZVOUS, SOURCE_IP)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void allowsEveryBalancerWithoutStickiness(Profile profile) {
    assertThat(profile.faults(LAYER_4, RENDEZVOUS, null)).isEmpty();
    assertThat(profile.faults(LAYER_7, ROUND_ROBIN, null)).isEmpty();
  }

  @Test
  void reportsAllFaultsTogether() {
    StickySession session = APP_COOKIE
        .withCookieName(null)
        .withDuration(Duration.ofSeconds(1))
        .withMode(Mode.ABSOLUTE)
        .withMaxDuration(Duration.ofHours(1));

    assertThat(CLASSIC.faults(LAYER_7, RENDEZVOUS, session))
        .extracting(Fault::setting)
        .containsExactly("type", "algorithm", "duration", "maxDuration", "cookieName");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CLASSIC.check(LAYER_7, RENDEZVOUS, session))
        .withMessage(
            "type: app-cookie (expected: lb-cookie at layer 7) [profile classic, allowed by"
                + " Profile.OPEN]; algorithm: weighted-rendezvous (expected:"
                + " weighted-round-robin with a"
                + " stickiness duration at layer 7) [profile classic, allowed by Profile.OPEN];"
                + " duration: PT1S (expected: PT1M..PT24H at layer 7, in whole seconds) [profile"
                + " classic,"
                + " allowed by Profile.OPEN]; maxDuration: PT1H (expected: absent unless mode is"
                + " sliding"
                + " at layer 7) [profile classic]; cookieName: absent (expected: the application's"
                + " cookie with type app-cookie at layer 7) [profile classic]");
  }

  static List<Arguments> illegalCustom() {
    return List.of(
        arguments(
            CUSTOM.withDuration(Duration.ZERO),
            "duration: PT0S (expected: PT0.000000001S..PT8760H) [any profile]"),
        arguments(
            CUSTOM.withDuration(Duration.ofDays(365).plusNanos(1)),
            "duration: PT8760H0.000000001S (expected: PT0.000000001S..PT8760H) [any profile]"),
        arguments(
            CUSTOM.withMode(Mode.ABSOLUTE).withMaxDuration(Duration.ofHours(8)),
            "maxDuration: PT8H (expected: absent unless mode is sliding) [any profile]"),
        arguments(
            CUSTOM.withMaxDuration(Duration.ofSeconds(1199)),
            "maxDuration: PT19M59S (expected: PT20M..PT8760H, in whole seconds) [any profile]"),
        arguments(
            CUSTOM.withMaxDuration(Duration.ofDays(365).plusSeconds(1)),
            "maxDuration: PT8760H1S (expected: PT20M..PT8760H, in whole seconds) [any profile]"),
        arguments(
            CUSTOM.withMaxDuration(Duration.ofSeconds(1200, 1)),
            "maxDuration: PT20M0.000000001S (expected: PT20M..PT8760H, in whole seconds)"
                + " [any profile]"),
        arguments(
            CUSTOM.withCookieName("x"),
            "cookieName: \"x\" (expected: absent with type custom) [any profile]"));
  }

  /** Whatever the profile, the layer and the balancer, so the text names none of them. */
  @ParameterizedTest
  @MethodSource("illegalCustom")
  void customSessions_haveTheLimitsOfTheMechanisms(StickySession session, String message) {
    for (Profile profile : Profile.values()) {
      for (Layer layer : Layer.values()) {
        List<Fault> faults = profile.faults(layer, RENDEZVOUS, session);
        assertThat(faults).singleElement().hasToString(message);
        assertThat(faults.get(0).isAllowedByOpen()).isFalse();
      }
    }
  }

  static List<StickySession> freeCustom() {
    return List.of(
        CUSTOM,
        CUSTOM.withDuration(Duration.ofHours(8)),
        CUSTOM.withDuration(Duration.ofNanos(1)),
        CUSTOM.withDuration(Duration.ofDays(365)),
        CUSTOM.withMode(Mode.ABSOLUTE).withDuration(Duration.ofMillis(90_500)),
        CUSTOM.withMaxDuration(Duration.ofMinutes(20)),
        CUSTOM.withMaxDuration(Duration.ofDays(365)));
  }

  @ParameterizedTest
  @MethodSource("freeCustom")
  void customSessions_haveNoLimitsOfProducts(StickySession session) {
    for (Profile profile : Profile.values()) {
      for (Layer layer : Layer.values()) {
        assertThat(profile.faults(layer, RENDEZVOUS, session)).isEmpty();
      }
    }
  }

  private static StickySession lasting(String duration) {
    return SOURCE_IP.withDuration(Duration.parse(duration));
  }
}
