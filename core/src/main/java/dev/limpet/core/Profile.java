package dev.limpet.core;

import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.internal.Tokens;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a product edition: which type of stickiness is allowed at which layer, how long it may
 * last, and with which balancer it may be combined.
 *
 * <table>
 * <caption>What each profile allows</caption>
 * <tr><th></th><th>CLASSIC</th><th>ENHANCED</th><th>OPEN</th></tr>
 * <tr><td>layer 4</td><td>source-ip, custom</td><td>source-ip, custom</td><td>source-ip, custom</td></tr>
 * <tr><td>layer 7</td><td>lb-cookie, custom</td><td>lb-cookie, app-cookie, custom</td><td>any</td></tr>
 * <tr><td>duration at layer 4</td><td>1..60 min</td><td>1..60 min</td><td>up to 365 days</td></tr>
 * <tr><td>duration at layer 7</td><td>1..1440 min</td><td>1..1440 min</td><td>up to 365 days</td></tr>
 * <tr><td>balancer</td><td>weighted round robin</td><td>weighted round robin</td><td>any</td></tr>
 * </table>
 */
public enum Profile {
  /** Stickiness by source IP address or LB cookie. */
  CLASSIC,
  /** Stickiness by source IP address, LB cookie or app cookie. The default. */
  ENHANCED,
  /** No limits but those of the mechanisms. */
  OPEN;

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String ABSENT = "absent";

  /**
   * {@return everything that is wrong with the combination, in the order type, algorithm, duration,
   * maxDuration, cookieName} Empty if it is allowed.
   *
   * @param layer the layer at which requests are routed
   * @param balancer the balancer of the pool
   * @param session the declared stickiness, or null for none, which is allowed with every balancer
   */
  public List<Fault> faults(Layer layer, Balancer balancer, @Nullable StickySession session) {
    List<Fault> faults = new ArrayList<>();
    if (session != null) {
      checkType(layer, session, faults);
      checkBalancer(layer, balancer, faults);
      checkDuration(layer, session, faults);
      checkMaxDuration(layer, session, faults);
      checkCookieName(layer, session, faults);
    }
    return List.copyOf(faults);
  }

  /**
   * Refuses a combination that is not allowed.
   *
   * @param layer the layer at which requests are routed
   * @param balancer the balancer of the pool
   * @param session the declared stickiness, or null for none
   * @throws IllegalArgumentException if there are {@link #faults}; the message names all of them
   */
  public void check(Layer layer, Balancer balancer, @Nullable StickySession session) {
    List<Fault> faults = faults(layer, balancer, session);
    if (!faults.isEmpty()) {
      throw Fault.exception(faults);
    }
  }

  /** {@return the profile as configuration spells it: {@code classic}, {@code enhanced} or {@code open}} */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private void checkType(Layer layer, StickySession session, List<Fault> faults) {
    if (!allows(layer, session.type())) {
      faults.add(fault("type", session.type().toString(), allowedTypes(layer) + " at " + layer));
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
      faults.add(fault(
          "algorithm",
          balancer.name(),
          WeightedRoundRobin.NAME + " with a stickiness duration at " + layer));
    }
  }

  private void checkDuration(Layer layer, StickySession session, List<Fault> faults) {
    Duration duration = session.duration();
    Duration longest = longest(layer);
    boolean wholeSeconds = this != OPEN || session.type() == StickySession.Type.LB_COOKIE;
    Duration shortest =
        (this != OPEN) ? MINUTE : wholeSeconds ? Duration.ofSeconds(1) : Duration.ofNanos(1);
    if (outside(duration, shortest, longest) || (wholeSeconds && fractional(duration))) {
      faults.add(
          fault("duration", duration.toString(), range(shortest, longest, layer, wholeSeconds)));
    }
  }

  private Duration longest(Layer layer) {
    if (this == OPEN) {
      return StickySession.MAX_DURATION;
    }
    return Duration.ofMinutes(layer == Layer.LAYER_4 ? 60 : 1440);
  }

  private void checkMaxDuration(Layer layer, StickySession session, List<Fault> faults) {
    Duration max = session.maxDuration();
    if (max == null) {
      return;
    }
    if (session.mode() != Mode.SLIDING) {
      faults.add(fault("maxDuration", max.toString(), "absent unless mode is sliding at " + layer));
      return;
    }
    if (outside(max, session.duration(), StickySession.MAX_DURATION) || fractional(max)) {
      faults.add(fault(
          "maxDuration",
          max.toString(),
          range(session.duration(), StickySession.MAX_DURATION, layer, true)));
    }
  }

  private void checkCookieName(Layer layer, StickySession session, List<Fault> faults) {
    String name = session.cookieName();
    boolean cookie = session.type() == StickySession.Type.LB_COOKIE
        || session.type() == StickySession.Type.APP_COOKIE;
    if (name == null) {
      if (session.type() == StickySession.Type.APP_COOKIE) {
        faults.add(fault(
            "cookieName", ABSENT, "the application's cookie with type app-cookie at " + layer));
      }
    } else if (!cookie) {
      faults.add(fault(
          "cookieName",
          Tokens.quoted(name),
          "absent with type " + session.type() + " at " + layer));
    } else if (Tokens.firstIllegal(name) >= 0 || name.isEmpty()) {
      faults.add(fault("cookieName", Tokens.quoted(name), Tokens.rule(name) + " at " + layer));
    }
  }

  private static boolean outside(Duration value, Duration shortest, Duration longest) {
    return value.compareTo(shortest) < 0 || value.compareTo(longest) > 0;
  }

  private static boolean fractional(Duration value) {
    return !value.equals(value.truncatedTo(ChronoUnit.SECONDS));
  }

  private static String range(
      Duration shortest, Duration longest, Layer layer, boolean wholeSeconds) {
    return shortest + ".." + longest + " at " + layer + (wholeSeconds ? ", in whole seconds" : "");
  }

  private Fault fault(String setting, String value, String rule) {
    return new Fault(setting, value, rule, "profile " + this);
  }
}
