package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A {@code sharedTable} as read so far. A value is null if it is absent or could not be read. */
record SharedTableDraft(
    @Nullable RedisAddress redis, @Nullable Duration deadline) {
  private static final Duration DEFAULT_DEADLINE = Duration.ofMillis(20);
  private static final Duration MAX_DEADLINE = Duration.ofSeconds(1);

  static @Nullable SharedTableDraft read(Setting setting) {
    Section section = setting.section("redis", "cluster", "deadline");
    if (section == null) {
      return null;
    }
    Boolean cluster = section.optional("cluster", false, Setting::flag);
    boolean nodes = Boolean.TRUE.equals(cluster);
    String rule = nodes ? RedisAddress.CLUSTER_RULE : RedisAddress.RULE;
    return new SharedTableDraft(
        section.required(
            "redis", rule, value -> (cluster == null) ? null : redis(value, nodes, rule)),
        section.optional("deadline", DEFAULT_DEADLINE, SharedTableDraft::deadline));
  }

  private static @Nullable RedisAddress redis(Setting setting, boolean cluster, String rule) {
    String text = setting.text(rule);
    return (text == null) ? null : setting.orRefuse(RedisAddress.parse(text, cluster), rule);
  }

  private static @Nullable Duration deadline(Setting setting) {
    Duration deadline = Values.duration(setting);
    if (deadline == null) {
      return null;
    }
    boolean inRange = !deadline.isZero() && deadline.compareTo(MAX_DEADLINE) <= 0;
    return setting.orRefuse(inRange ? deadline : null, "1ms..1s");
  }

  /** Returns the settings. Call this only if there were no faults. */
  SharedTableConfig config() {
    return new SharedTableConfig(requireNonNull(redis), requireNonNull(deadline));
  }
}
