package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A pool as read so far. A value is null if it is absent or could not be read. */
record PoolDraft(
    Section section,
    @Nullable String name,
    @Nullable Algorithm algorithm,
    @Nullable Duration slowStart,
    @Nullable Failover failover,
    @Nullable StickyDraft stickySession,
    @Nullable SharedTableDraft sharedTable,
    @Nullable HealthCheckConfig healthCheck,
    @Nullable PassiveHealthConfig passiveHealth,
    @Nullable Duration responseTimeout,
    @Nullable Boolean returnToEarlierTier,
    Items<BackendDraft> backends) {

  private static final List<String> FAILOVERS = List.of("move", "lend", "strict");

  static @Nullable PoolDraft read(Setting setting, Path folder, Faults faults) {
    Section section = setting.section(
        "name",
        "algorithm",
        "slowStart",
        "failover",
        "stickySession",
        "sharedTable",
        "healthCheck",
        "passiveHealth",
        "responseTimeout",
        "returnToEarlierTier",
        "backends");
    if (section == null) {
      return null;
    }
    return new PoolDraft(
        section,
        section.required("name", Values.NAME_RULE, Values::name),
        section.optional(
            "algorithm", Algorithm.WEIGHTED_ROUND_ROBIN, value -> value.choice(Algorithm.values())),
        section.optional("slowStart", Duration.ZERO, PoolDraft::slowStart),
        section.optional("failover", PoolDraft::failover),
        section.optional("stickySession", value -> StickyDraft.read(value, faults)),
        section.optional("sharedTable", SharedTableDraft::read),
        section.optional("healthCheck", HealthCheckReader::read),
        section.optional("passiveHealth", PassiveHealthConfig.DEFAULT, PoolDraft::passiveHealth),
        section.optional("responseTimeout", Values::wait),
        section.optional("returnToEarlierTier", false, Setting::flag),
        Items.required(
            section,
            "backends",
            Pool.MAX_SIZE,
            backend -> BackendDraft.read(backend, folder, faults)));
  }

  private static @Nullable Failover failover(Setting setting) {
    String choice = setting.choice(FAILOVERS);
    return (choice == null) ? null : Failover.valueOf(choice.toUpperCase(Locale.ROOT));
  }

  private static @Nullable PassiveHealthConfig passiveHealth(Setting setting) {
    return setting.isFalse() ? null : PassiveHealthConfig.read(setting);
  }

  private static @Nullable Duration slowStart(Setting setting) {
    Duration duration = Values.duration(setting);
    if (duration == null) {
      return null;
    }
    boolean inRange = duration.compareTo(PoolBuilder.MAX_SLOW_START) <= 0;
    return setting.orRefuse(inRange ? duration : null, "0s..1h");
  }

  /** Returns the settings. Call this only if there were no faults. */
  PoolConfig config() {
    return new PoolConfig(
        requireNonNull(name),
        requireNonNull(algorithm),
        requireNonNull(slowStart),
        failover,
        (stickySession == null) ? null : stickySession.config(),
        (sharedTable == null) ? null : sharedTable.config(),
        healthCheck,
        passiveHealth,
        responseTimeout,
        requireNonNull(returnToEarlierTier),
        backends.read().stream().map(BackendDraft::config).toList());
  }
}
