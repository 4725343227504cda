package dev.limpet.core;

import static java.util.stream.Collectors.toSet;

import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.internal.HttpToken;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a product edition: the types of stickiness at each layer, their durations, and the
 * balancers that they may be combined with. They apply to the types source IP, LB cookie and
 * application cookie. The type {@code custom} has only technical limits, with any profile. Callers
 * need a default branch, because values may be added.
 *
 * <table>
 * <caption>What each profile allows</caption>
 * <tr><th></th><th>CLASSIC</th><th>ENHANCED</th><th>OPEN</th></tr>
 * <tr><td>layer 4</td><td>source-ip</td><td>source-ip</td><td>source-ip</td></tr>
 * <tr><td>layer 7</td><td>lb-cookie</td><td>lb-cookie, app-cookie</td><td>any</td></tr>
 * <tr><td>duration at layer 4</td><td>1..60 min</td><td>1..60 min</td><td>up to 365 days</td></tr>
 * <tr><td>duration at layer 7</td><td>1..1440 min</td><td>1..1440 min</td><td>up to 365 days</td></tr>
 * <tr><td>balancer</td><td>weighted round robin</td><td>weighted round robin</td><td>any</td></tr>
 * </table>
 */
public enum Profile {
  /** Allows stickiness by source IP address or LB cookie. */
  CLASSIC,
  /** Allows stickiness by source IP address, LB cookie or application cookie. The default. */
  ENHANCED,
  /** Has only technical limits. */
  OPEN;

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String ABSENT = "absent";
  private static final String WHOLE_SECONDS = ", in whole seconds";

  /**
   * {@return all faults of a combination, in the order type, algorithm, duration, maxDuration,
   * cookieName; empty if it is allowed}
   *
   * @param layer the layer at which requests are routed
   * @param balancer the balancer of the pool
   * @param session the declared stickiness, or null if absent, which is allowed with every balancer
   */
  public List<Fault> faults(Layer layer, Balancer balancer, @Nullable StickySession session) {
    if (session == null) {
      return List.of();
    }
    if (session.type() == StickySession.Type.CUSTOM) {
      return anywhere(session);
    }
    List<Fault> here = found(layer, balancer, session);
    if (this == OPEN || here.isEmpty()) {
      return here;
    }
    Set<String> alsoInOpen =
        OPEN.found(layer, balancer, session).stream().map(Fault::setting).collect(toSet());
    return here.stream()
        .map(f -> alsoInOpen.contains(f.setting()) ? f : f.asAllowedByOpen())
        .toList();
  }

  /**
   * Throws an exception if a combination is not allowed.
   *
   * @param layer the layer at which requests are routed
   * @param balancer the balancer of the pool
   * @param session the declared stickiness, or null if absent
   * @throws FaultException if there are {@link #faults}; the message names all of them, and
   *     mentions {@link #OPEN} if that profile allows the value
   */
  public void check(Layer layer, Balancer balancer, @Nullable StickySession session) {
    List<Fault> faults = faults(layer, balancer, session);
    if (!faults.isEmpty()) {
      throw new FaultException(faults);
    }
  }

  /**
   * {@return the profile as configuration spells it: {@code classic}, {@code enhanced} or {@code
   * open}}
   */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private List<Fault> found(Layer layer, Balancer balancer, StickySession session) {
    List<Fault> faults = new ArrayList<>();
    checkType(layer, session, faults);
    checkBalancer(layer, balancer, faults);
    checkDuration(layer, session, faults);
    checkMaxDuration(session, " at " + layer, faults);
    checkCookieName(session, " at " + layer, faults);
    return faults.stream().map(fault -> fault.withScope("profile " + this)).toList();
  }

  private static List<Fault> anywhere(StickySession session) {
    List<Fault> faults = new ArrayList<>();
    checkDuration(session.duration(), Duration.ofNanos(1), StickySession.MAX_DURATION, "", faults);
    checkMaxDuration(session, "", faults);
    checkCookieName(session, "", faults);
    return faults.stream().map(fault -> fault.withScope("any profile")).toList();
  }

  private void checkType(Layer layer, StickySession session, List<Fault> faults) {
    if (!allows(layer, session.type())) {
      faults.add(Fault.of("type", session.type(), allowedTypes(layer) + " at " + layer));
    }
  }

  private boolean allows(Layer layer, StickySession.Type type) {
    return switch (type) {
      case CUSTOM -> true;
      case SOURCE_IP -> layer == Layer.LAYER_4 || this == OPEN;
      case LB_COOKIE -> layer == Layer.LAYER_7;
      case APP_COOKIE -> layer == Layer.LAYER_7 && this != CLASSIC;
    };
  }

  private String allowedTypes(Layer layer) {
    List<String> allowed = new ArrayList<>();
    for (StickySession.Type type : StickySession.Type.values()) {
      if (type != StickySession.Type.CUSTOM && allows(layer, type)) {
        allowed.add(type.toString());
      }
    }
    return String.join(" or ", allowed);
  }

  private void checkBalancer(Layer layer, Balancer balancer, List<Fault> faults) {
    if (this != OPEN && !(balancer instanceof WeightedRoundRobin)) {
      faults.add(Fault.of(
          "algorithm",
          balancer.name(),
          WeightedRoundRobin.NAME + " with a stickiness duration at " + layer));
    }
  }

  private void checkDuration(Layer layer, StickySession session, List<Fault> faults) {
    boolean wholeSeconds = this != OPEN || session.type() == StickySession.Type.LB_COOKIE;
    Duration shortest =
        (this != OPEN) ? MINUTE : wholeSeconds ? Duration.ofSeconds(1) : Duration.ofNanos(1);
    String more = " at " + layer + (wholeSeconds ? WHOLE_SECONDS : "");
    checkDuration(session.duration(), shortest, longest(layer), more, faults);
  }

  private static void checkDuration(
      Duration duration, Duration shortest, Duration longest, String more, List<Fault> faults) {
    if (outside(duration, shortest, longest)
        || (more.endsWith(WHOLE_SECONDS) && fractional(duration))) {
      faults.add(Fault.ofDuration("duration", duration, shortest, longest, more));
    }
  }

  private Duration longest(Layer layer) {
    if (this == OPEN) {
      return StickySession.MAX_DURATION;
    }
    return Duration.ofMinutes(layer == Layer.LAYER_4 ? 60 : 1440);
  }

  private static void checkMaxDuration(StickySession session, String at, List<Fault> faults) {
    Duration max = session.maxDuration();
    if (max == null) {
      return;
    }
    if (session.mode() != Mode.SLIDING) {
      faults.add(Fault.of("maxDuration", max, "absent unless mode is sliding" + at));
      return;
    }
    if (outside(max, session.duration(), StickySession.MAX_DURATION) || fractional(max)) {
      faults.add(Fault.ofDuration(
          "maxDuration", max, session.duration(), StickySession.MAX_DURATION, at + WHOLE_SECONDS));
    }
  }

  private static void checkCookieName(StickySession session, String at, List<Fault> faults) {
    String name = session.cookieName();
    boolean cookie = session.type() == StickySession.Type.LB_COOKIE
        || session.type() == StickySession.Type.APP_COOKIE;
    if (name == null) {
      if (session.type() == StickySession.Type.APP_COOKIE) {
        faults.add(
            Fault.of("cookieName", ABSENT, "the application's cookie with type app-cookie" + at));
      }
    } else if (!cookie) {
      faults.add(Fault.of(
          "cookieName", HttpToken.quoted(name), "absent with type " + session.type() + at));
    } else if (HttpToken.firstIllegal(name) >= 0 || name.isEmpty()) {
      faults.add(Fault.of("cookieName", HttpToken.quoted(name), HttpToken.rule(name) + at));
    }
  }

  private static boolean outside(Duration value, Duration shortest, Duration longest) {
    return value.compareTo(shortest) < 0 || value.compareTo(longest) > 0;
  }

  private static boolean fractional(Duration value) {
    return !value.equals(value.truncatedTo(ChronoUnit.SECONDS));
  }
}
