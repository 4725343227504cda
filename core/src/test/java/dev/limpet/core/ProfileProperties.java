package dev.limpet.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The limits of ARCHITECTURE, section 1, written once more. */
class ProfileProperties {
  private static final long NANOS = 1_000_000_000L;
  private static final long YEAR = 365L * 24 * 3600;

  @Property(tries = 5_000)
  void faultsAreExactlyThoseOfTheTable(
      @ForAll Profile profile,
      @ForAll Layer layer,
      @ForAll boolean roundRobin,
      @ForAll("sessions") StickySession session) {
    Balancer balancer = roundRobin ? new WeightedRoundRobin() : new WeightedRendezvous();

    List<Fault> faults = profile.faults(layer, balancer, session);

    assertThat(faults)
        .extracting(Fault::setting)
        .containsExactlyElementsOf(expected(profile, layer, roundRobin, session));
    List<String> inOpen = expected(Profile.OPEN, layer, roundRobin, session);
    assertThat(faults).allSatisfy(fault -> {
      assertThat(fault.isAllowedByOpen()).isEqualTo(!inOpen.contains(fault.setting()));
      assertThat(fault.scope()).isEqualTo(scope(profile, session, fault.isAllowedByOpen()));
      assertThat(fault).asString().startsWith(fault.setting() + ": " + fault.value());
      if (session.type() == StickySession.Type.CUSTOM) {
        assertThat(fault.rule()).doesNotContain("layer");
      } else {
        assertThat(fault.rule()).contains(layer == Layer.LAYER_4 ? "layer 4" : "layer 7");
      }
    });
  }

  private static String scope(Profile profile, StickySession session, boolean allowedByOpen) {
    return (session.type() == StickySession.Type.CUSTOM ? "any profile" : "profile " + profile)
        + (allowedByOpen ? ", allowed by Profile.OPEN" : "");
  }

  private static List<String> expected(
      Profile profile, Layer layer, boolean roundRobin, StickySession session) {
    List<String> faults = new ArrayList<>();
    if (!typeAllowed(profile, layer == Layer.LAYER_7, session.type())) {
      faults.add("type");
    }
    boolean custom = session.type() == StickySession.Type.CUSTOM;
    if (!custom && profile != Profile.OPEN && !roundRobin) {
      faults.add("algorithm");
    }
    if (!durationAllowed(profile, layer == Layer.LAYER_7, session)) {
      faults.add("duration");
    }
    if (!maxAllowed(session)) {
      faults.add("maxDuration");
    }
    if (!nameAllowed(session.type(), session.cookieName())) {
      faults.add("cookieName");
    }
    return faults;
  }

  private static boolean typeAllowed(Profile profile, boolean layer7, StickySession.Type type) {
    return type == StickySession.Type.CUSTOM
        || (type == StickySession.Type.SOURCE_IP && (!layer7 || profile == Profile.OPEN))
        || (type == StickySession.Type.LB_COOKIE && layer7)
        || (type == StickySession.Type.APP_COOKIE && layer7 && profile != Profile.CLASSIC);
  }

  private static boolean durationAllowed(Profile profile, boolean layer7, StickySession session) {
    long nanos = session.duration().toNanos();
    if (profile == Profile.OPEN || session.type() == StickySession.Type.CUSTOM) {
      boolean whole = session.type() != StickySession.Type.LB_COOKIE || nanos % NANOS == 0;
      return nanos > 0 && nanos <= YEAR * NANOS && whole;
    }
    long seconds = nanos / NANOS;
    return nanos % NANOS == 0 && seconds >= 60 && seconds <= (layer7 ? 1440L : 60L) * 60;
  }

  private static boolean maxAllowed(StickySession session) {
    Duration max = session.maxDuration();
    return max == null
        || (session.mode() == StickySession.Mode.SLIDING
            && max.toNanos() % NANOS == 0
            && max.toNanos() >= session.duration().toNanos()
            && max.toNanos() <= YEAR * NANOS);
  }

  private static boolean nameAllowed(StickySession.Type type, @Nullable String name) {
    return switch (type) {
      case SOURCE_IP, CUSTOM -> name == null;
      case LB_COOKIE -> name == null || name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
      case APP_COOKIE -> name != null && name.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    };
  }

  @Provide
  Arbitrary<StickySession> sessions() {
    return Combinators.combine(
            Arbitraries.of(StickySession.Type.class),
            durations(),
            Arbitraries.of(StickySession.Mode.class),
            durations().injectNull(0.5),
            names().injectNull(0.4))
        .as(ProfileProperties::session);
  }

  private static StickySession session(
      StickySession.Type type,
      Duration duration,
      StickySession.Mode mode,
      @Nullable Duration maxDuration,
      @Nullable String cookieName) {
    return StickySession.of(type)
        .withDuration(duration)
        .withMode(mode)
        .withMaxDuration(maxDuration)
        .withCookieName(cookieName);
  }

  private static Arbitrary<Duration> durations() {
    Arbitrary<Duration> limits = Arbitraries.of(1L, 60L, 3600L, 86_400L, YEAR)
        .flatMap(limit -> Arbitraries.of(-1L, 0L, 1L)
            .flatMap(off ->
                Arbitraries.of(Duration.ofSeconds(limit + off), Duration.ofSeconds(limit, off))));
    Arbitrary<Duration> any = Arbitraries.longs().between(-10, 100_000).map(Duration::ofSeconds);
    return Arbitraries.oneOf(limits, any);
  }

  private static Arbitrary<String> names() {
    Arbitrary<String> any = Arbitraries.strings().ascii().ofMaxLength(4);
    return Arbitraries.oneOf(Arbitraries.of("SID", "__Host-x", "", "a b", "a=b", "\u00e9"), any);
  }
}
