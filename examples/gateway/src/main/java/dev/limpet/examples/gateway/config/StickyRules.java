package dev.limpet.examples.gateway.config;

import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;

import dev.limpet.core.Balancer;
import dev.limpet.core.Fault;
import dev.limpet.core.Layer;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import dev.limpet.l7.SameSite;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reports violations of the product's rules, which the library's {@link Profile} defines, at the
 * lines that cause them.
 */
final class StickyRules {
  private static final String KEY = "stickySession";
  private static final String TYPE = "type";
  private static final String MODE = "mode";
  private static final String ALGORITHM = "algorithm";
  private static final Pattern PREFIXED =
      Pattern.compile("__(Host|Secure|Http)-", Pattern.CASE_INSENSITIVE);

  private final Profile profile;
  private final Faults faults;

  StickyRules(Profile profile, Faults faults) {
    this.profile = profile;
    this.faults = faults;
  }

  void check(List<ListenerDraft> listeners, List<PoolDraft> pools) {
    if (profile == Profile.CLASSIC) {
      pools.forEach(pool -> refuse(pool.section(), "pool", "listener"));
      listeners.forEach(listener -> checkListener(listener, poolOf(listener, pools)));
    } else {
      listeners.forEach(listener -> refuse(listener.section(), "listener", "pool"));
      pools.forEach(pool -> checkPool(pool, listeners));
    }
  }

  private void refuse(Section section, String side, String rightSide) {
    if (section.has(KEY)) {
      faults.add(
          section.line(KEY),
          KEY,
          "on the " + side,
          "on the " + rightSide + " with profile " + profile);
    }
  }

  private static @Nullable PoolDraft poolOf(ListenerDraft listener, List<PoolDraft> pools) {
    for (PoolDraft pool : pools) {
      if (pool.name() != null && pool.name().equals(listener.pool())) {
        return pool;
      }
    }
    return null;
  }

  private void checkListener(ListenerDraft listener, @Nullable PoolDraft pool) {
    if (listener.stickySession() == null || listener.protocol() == null) {
      return;
    }
    Uses uses = new Uses();
    uses.add(listener);
    check(listener.stickySession(), pool, uses);
  }

  private void checkPool(PoolDraft pool, List<ListenerDraft> listeners) {
    if (pool.stickySession() == null || pool.name() == null) {
      return;
    }
    Uses uses = new Uses();
    for (ListenerDraft listener : listeners) {
      if (pool.name().equals(listener.pool())) {
        uses.add(listener);
      }
    }
    check(pool.stickySession(), pool, uses);
  }

  private void check(StickyDraft sticky, @Nullable PoolDraft pool, Uses uses) {
    StickySession session = sticky.session();
    StickyType type = sticky.type();
    if (session == null || type == null) {
      return;
    }
    uses.layers().stream()
        .filter(layer -> !type.isPossibleAt(layer))
        .forEach(layer -> refuseType(sticky.section(), layer, uses));
    Algorithm algorithm = (pool == null) ? null : pool.algorithm();
    Map<Layer, List<Fault>> found = new EnumMap<>(Layer.class);
    for (Layer layer : uses.layers()) {
      found.put(layer, profile.faults(layer, balancer(algorithm), session));
    }
    boolean someLayerFits = found.values().stream().anyMatch(StickyRules::fits);
    Set<String> said = new HashSet<>();
    checkSecure(sticky, uses);
    if (slidesInVain(sticky, type)) {
      said.add(MODE);
      refuseSliding(sticky.section());
    }
    found.forEach((layer, all) -> {
      for (Fault fault : all) {
        boolean matters = fits(all) || !someLayerFits || fault.setting().equals(TYPE);
        if (matters && !sticky.isUnreadable(fault.setting()) && said.add(fault.setting())) {
          report(fault, sticky, pool, where(fault, type, uses.scope(layer)));
        }
      }
    });
    for (Fault fault : trialFaults(sticky, pool, said.isEmpty())) {
      if (said.add(fault.setting())) {
        report(fault, sticky, pool, "");
      }
    }
  }

  private void refuseType(Section section, Layer layer, Uses uses) {
    Fault fault = Fault.of(TYPE, section.shown(TYPE), "source-ip at " + layer);
    faults.add(
        section.line(TYPE), fault.withScope("profile " + profile + ", " + uses.scope(layer)));
  }

  /** Returns whether a session is to slide, although its client keeps the token it got. */
  private static boolean slidesInVain(StickyDraft sticky, StickyType type) {
    return type.isCustom()
        && type.has(MODE)
        && sticky.isToken()
        && sticky.mode() == StickySession.Mode.SLIDING;
  }

  private void refuseSliding(Section section) {
    faults.add(
        section.line(MODE),
        MODE,
        section.shown(MODE),
        "absolute, as clients keep what they got; or form learned");
  }

  /** Returns the faults that only building shows. A table cannot be built if there are others. */
  private static List<Fault> trialFaults(
      StickyDraft sticky, @Nullable PoolDraft pool, boolean isSound) {
    StickyType type = sticky.type();
    if (type == null || !sticky.isRead() || pool == null || pool.name() == null) {
      return List.of();
    }
    Pool empty = Pool.of(pool.name());
    if (type == StickyType.LB_COOKIE) {
      return StickyTrial.cookieFaults(empty, sticky, Objects.requireNonNull(sticky.cookie()));
    }
    return (type.isCustom() && isSound)
        ? StickyTrial.customFaults(empty, sticky.config())
        : List.of();
  }

  /** Rejects a cookie that is not secure if browsers would drop it because of that. */
  private void checkSecure(StickyDraft sticky, Uses uses) {
    LbCookieConfig cookie = sticky.cookie();
    String plain = uses.plain(sticky);
    if (sticky.type() != StickyType.LB_COOKIE || cookie == null || plain.isEmpty()) {
      return;
    }
    Matcher prefix = PREFIXED.matcher(Objects.requireNonNullElse(sticky.cookieName(), ""));
    String reason =
        prefix.lookingAt() ? "a cookie name that starts with " + prefix.group() : reason(cookie);
    if (reason != null) {
      Section section = sticky.section();
      Fault fault = Fault.of("secure", section.shown("secure"), "true with " + reason);
      faults.add(section.line("secure"), fault.withScope("listener " + plain));
    }
  }

  private static @Nullable String reason(LbCookieConfig cookie) {
    if (Boolean.TRUE.equals(cookie.hostPrefix())) {
      return "hostPrefix";
    }
    if (cookie.sameSite() == SameSite.NONE) {
      return "sameSite none";
    }
    return cookie.partitioned() ? "partitioned" : null;
  }

  private static Balancer balancer(@Nullable Algorithm algorithm) {
    return (algorithm == null ? Algorithm.WEIGHTED_ROUND_ROBIN : algorithm).balancer();
  }

  /**
   * Returns whether the type itself is allowed. If it is allowed at one layer only, the other
   * settings are checked only there.
   */
  private static boolean fits(List<Fault> faults) {
    return faults.stream().noneMatch(fault -> fault.setting().equals(TYPE));
  }

  private void report(Fault fault, StickyDraft sticky, @Nullable PoolDraft pool, String where) {
    Section section = sticky.section();
    if (fault.setting().equals(ALGORITHM) && pool != null) {
      section = pool.section();
    }
    String key = key(fault.setting(), sticky.type());
    String value = section.shown(key);
    Fault shown = Fault.of(key, value, fault.rule(limit -> Durations.text(limit, value)));
    faults.add(section.line(key), shown.withScope(where));
  }

  /** Returns the file's key for a setting of the library. */
  private static String key(String setting, @Nullable StickyType type) {
    if (!setting.equals("name")) {
      return setting;
    }
    return (type == StickyType.HEADER) ? "header" : "parameter";
  }

  /** Returns the source of a rule, and the profile that allows more; empty if it always applies. */
  private String where(Fault fault, StickyType type, String scope) {
    return type.isCustom()
        ? ""
        : "profile " + profile + ", "
            + (fault.isAllowedByOpen() ? "allowed by profile " + Profile.OPEN + ", " : "") + scope;
  }

  /** The listeners through which the sessions come. */
  private static final class Uses {
    private final List<ListenerDraft> listeners = new ArrayList<>();

    void add(ListenerDraft listener) {
      if (listener.protocol() != null) {
        listeners.add(listener);
      }
    }

    Set<Layer> layers() {
      return listeners.stream().map(ListenerDraft::layer).collect(toCollection(TreeSet::new));
    }

    String scope(Layer layer) {
      return "listener " + names(listener -> listener.layer() == layer);
    }

    /** Returns the listeners whose cookie would not be secure. */
    String plain(StickyDraft sticky) {
      return names(listener -> listener.layer() == Layer.LAYER_7 && !listener.isSecure(sticky));
    }

    private String names(Predicate<ListenerDraft> which) {
      return listeners.stream().filter(which).map(ListenerDraft::label).collect(joining(", "));
    }
  }
}
