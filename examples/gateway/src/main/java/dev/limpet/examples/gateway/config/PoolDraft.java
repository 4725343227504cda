package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Failover;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolBuilder;
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
    @Nullable Duration healthCheckInterval,
    @Nullable Duration responseTimeout,
    Items<BackendDraft> backends) {

  private static final List<String> FAILOVERS = List.of("move", "lend", "strict");
  private static final Duration MAX_WAIT = Duration.ofDays(1);

  static @Nullable PoolDraft read(Setting setting, Faults faults) {
    Section section = setting.section(
        "name",
        "algorithm",
        "slowStart",
        "failover",
        "stickySession",
        "sharedTable",
        "healthCheck",
        "responseTimeout",
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
        section.optional("failover", Failover.MOVE, PoolDraft::failover),
        section.optional("stickySession", value -> StickyDraft.read(value, faults)),
        section.optional("sharedTable", SharedTableDraft::read),
        section.optional("healthCheck", PoolDraft::interval),
        section.optional("responseTimeout", PoolDraft::wait),
        Items.required(section, "backends", Pool.MAX_SIZE, BackendDraft::read));
  }

  private static @Nullable Failover failover(Setting setting) {
    String choice = setting.choice(FAILOVERS);
    return (choice == null) ? null : Failover.valueOf(choice.toUpperCase(Locale.ROOT));
  }

  private static @Nullable Duration slowStart(Setting setting) {
    Duration duration = Values.duration(setting);
    if (duration == null) {
      return null;
    }
    boolean inRange = duration.compareTo(PoolBuilder.MAX_SLOW_START) <= 0;
    return setting.orRefuse(inRange ? duration : null, "0s..1h");
  }

  private static @Nullable Duration interval(Setting setting) {
    Section section = setting.section("interval");
    if (section == null) {
      return null;
    }
    return section.required("interval", Values.DURATION_RULE, PoolDraft::wait);
  }

  private static @Nullable Duration wait(Setting setting) {
    Duration wait = Values.duration(setting);
    if (wait == null) {
      return null;
    }
    boolean inRange = !wait.isZero() && wait.compareTo(MAX_WAIT) <= 0;
    return setting.orRefuse(inRange ? wait : null, "1ms..1d");
  }

  /** Returns the settings. Call this only if there were no faults. */
  PoolConfig config() {
    return new PoolConfig(
        requireNonNull(name),
        requireNonNull(algorithm),
        requireNonNull(slowStart),
        requireNonNull(failover),
        (stickySession == null) ? null : stickySession.config(),
        (sharedTable == null) ? null : sharedTable.config(),
        healthCheckInterval,
        responseTimeout,
        backends.read().stream().map(BackendDraft::config).toList());
  }
}
