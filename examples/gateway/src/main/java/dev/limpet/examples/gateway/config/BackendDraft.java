package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import org.jspecify.annotations.Nullable;

/** A backend as read so far. A value is null if it is absent or could not be read. */
record BackendDraft(
    Section section,
    @Nullable String id,
    @Nullable HostPort address,
    @Nullable Integer weight,
    @Nullable Integer maxConnections,
    @Nullable Integer tier,
    @Nullable Boolean drain) {

  private static final int MAX_CONNECTIONS = 1_000_000;

  static @Nullable BackendDraft read(Setting setting) {
    Section section = setting.section("id", "address", "weight", "maxConnections", "tier", "drain");
    if (section == null) {
      return null;
    }
    return new BackendDraft(
        section,
        section.required("id", Values.ID_RULE, Values::id),
        section.required("address", Values.ADDRESS_RULE, Values::address),
        section.optional("weight", 1, value -> value.number(0, Backend.MAX_WEIGHT)),
        section.optional("maxConnections", 0, value -> value.number(1, MAX_CONNECTIONS)),
        section.optional("tier", 0, value -> value.number(0, Backend.MAX_TIER)),
        section.optional("drain", false, Setting::flag));
  }

  /** Returns the settings. Call this only if there were no faults. */
  BackendConfig config() {
    HostPort at = requireNonNull(address);
    Backend backend = Backend.of(requireNonNull(id), at.host(), at.port())
        .withWeight(requireNonNull(weight))
        .withMaxConnections(requireNonNull(maxConnections))
        .withTier(requireNonNull(tier));
    return new BackendConfig(backend, requireNonNull(drain));
  }
}
