package dev.limpet.examples.gateway;

import dev.limpet.core.Fault;
import dev.limpet.core.Layer;
import dev.limpet.core.Profile;
import dev.limpet.core.StickySession;
import dev.limpet.core.WeightedRoundRobin;
import dev.limpet.examples.gateway.config.ConfigDocument;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReading;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.PoolConfig;
import dev.limpet.examples.gateway.config.Protocol;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.examples.gateway.operate.Choices;
import dev.limpet.examples.gateway.operate.Edit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds out which types of sticky sessions an owner may have, by trying each of them. */
final class StickyChoices {
  private static final String TYPE = "type";
  private static final String ALGORITHM = "algorithm";
  private static final Duration SHORTEST = Duration.ofMillis(1);

  private final GatewayConfig config;
  private final String owner;
  private final List<ListenerConfig> listeners;
  private final PoolConfig pool;
  private final ConfigDocument document;
  private final Set<Fault> present; // these are not of stickiness: a file may be gone

  /**
   * Prepares the trial.
   *
   * @param owner a pool or, in the profile classic, a listener, of the configuration
   */
  StickyChoices(GatewayConfig config, ConfigDocument document, String owner) {
    this.config = config;
    this.owner = owner;
    this.listeners = config.listenersOf(owner);
    this.pool = config.pool(listeners.get(0));
    this.document = document.only(pool.name(), namesOfListeners(config, pool));
    this.present = Set.copyOf(faults(this.document.read()));
  }

  private static List<String> namesOfListeners(GatewayConfig config, PoolConfig pool) {
    return config.listeners().stream()
        .filter(listener -> listener.pool().equals(pool.name()))
        .map(ListenerConfig::name)
        .toList();
  }

  Choices choices() {
    List<Fault> lbCookie = faults("{type: lb-cookie}");
    List<Choices.Type> types = List.of(
        type(StickyType.SOURCE_IP, "Source IP address", faults("{type: source-ip}")),
        type(StickyType.LB_COOKIE, "Load balancer cookie", lbCookie),
        type(
            StickyType.APP_COOKIE,
            "Application cookie",
            faults("{type: app-cookie, cookieName: x}")));
    return new Choices(refusal(types, lbCookie), types);
  }

  private @Nullable String refusal(List<Choices.Type> types, List<Fault> lbCookie) {
    return lbCookie.stream()
        .filter(fault -> fault.setting().equals(ALGORITHM))
        .findFirst()
        .map(fault -> "only with weighted round robin; this pool uses " + pool.algorithm())
        .orElseGet(() -> types.stream().allMatch(type -> type.refusal() != null) ? mixed() : null);
  }

  private @Nullable String mixed() {
    return (layers().size() > 1)
        ? "its listeners are HTTP and TCP, which have no type in common"
        : null;
  }

  private Choices.Type type(StickyType type, String label, List<Fault> faults) {
    List<Duration> limits = limits(type);
    return new Choices.Type(
        type.toString(),
        label,
        refusal(type, faults),
        limits.get(0),
        limits.get(1),
        StickySession.DEFAULT_DURATION);
  }

  private @Nullable String refusal(StickyType type, List<Fault> faults) {
    return faults.stream()
        .filter(fault -> !fault.setting().equals(ALGORITHM))
        .findFirst()
        .map(fault ->
            fault.setting().equals(TYPE) ? reason(type) : new ConfigFault(null, 0, fault).message())
        .orElse(null);
  }

  /** Returns the faults that settings of the owner would bring. */
  private List<Fault> faults(String settings) {
    EditPlan plan = new EditPlan(new Edit.Stickiness(owner, settings), config.profile());
    return faults(plan.applyTo(document).read()).stream()
        .filter(fault -> !present.contains(fault))
        .toList();
  }

  private static List<Fault> faults(ConfigReading reading) {
    return reading.faults().stream().map(ConfigFault::fault).toList();
  }

  private String reason(StickyType type) {
    for (Layer layer : layers()) {
      if (!isAllowed(Profile.OPEN, layer, type)) {
        return "source IP only: " + named(layer);
      }
    }
    for (Layer layer : layers()) {
      if (!isAllowed(config.profile(), layer, type)) {
        return isAllowed(Profile.ENHANCED, layer, type)
            ? "not in profile " + config.profile()
            : "cookies only: " + named(layer);
      }
    }
    return "not with a shared table";
  }

  private static boolean isAllowed(Profile profile, Layer layer, StickyType type) {
    return faults(profile, layer, StickySession.of(type.declared())).stream()
        .noneMatch(fault -> fault.setting().equals(TYPE));
  }

  private static List<Fault> faults(Profile profile, Layer layer, StickySession session) {
    return profile.faults(layer, new WeightedRoundRobin(), session);
  }

  private Set<Layer> layers() {
    return listeners.stream()
        .map(listener -> listener.protocol().layer())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private String named(Layer layer) {
    List<String> names = listeners.stream()
        .filter(listener -> listener.protocol().layer() == layer)
        .map(ListenerConfig::name)
        .toList();
    String protocol = ((layer == Layer.LAYER_4) ? Protocol.TCP : Protocol.HTTP).name();
    return ((names.size() == 1) ? "listener " : "listeners ")
        + String.join(", ", names)
        + ((names.size() == 1) ? " is " : " are ")
        + protocol.toUpperCase(Locale.ROOT);
  }

  /** Returns the shortest and the longest duration that all listeners allow. */
  private List<Duration> limits(StickyType type) {
    Duration least = SHORTEST;
    Duration most = StickySession.MAX_DURATION;
    for (Layer layer : layers()) {
      List<Duration> limits = limits(layer, type);
      least = (limits.get(0).compareTo(least) > 0) ? limits.get(0) : least;
      most = (limits.get(1).compareTo(most) < 0) ? limits.get(1) : most;
    }
    return List.of(least, most);
  }

  /** The profile tells its limits when it refuses a duration. */
  private List<Duration> limits(Layer layer, StickyType type) {
    List<Duration> limits = new ArrayList<>();
    StickySession none = StickySession.of(type.declared()).withDuration(Duration.ZERO);
    faults(config.profile(), layer, none).stream()
        .filter(fault -> fault.setting().equals("duration"))
        .forEach(fault -> Objects.requireNonNull(fault.rule(limit -> {
          limits.add(limit);
          return "";
        })));
    return limits;
  }
}
