package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.vertx.BackendTls;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A backend as read so far. A value is null if it is absent or could not be read. */
record BackendDraft(
    Section section,
    @Nullable String id,
    @Nullable HostPort address,
    @Nullable Integer weight,
    @Nullable Integer maxConnections,
    @Nullable Integer tier,
    @Nullable Boolean drain,
    @Nullable String scheme,
    @Nullable TlsDraft tls) {

  /** The keys of a backend. */
  static final List<String> KEYS =
      List.of("id", "address", "weight", "maxConnections", "tier", "drain", "scheme", "tls");

  private static final String HTTP = "http";
  private static final String HTTPS = "https";
  private static final List<String> SCHEMES = List.of(HTTP, HTTPS);
  private static final int MAX_CONNECTIONS = 1_000_000;

  static @Nullable BackendDraft read(Setting setting, Path folder, Faults faults) {
    Section section = setting.section(KEYS.toArray(new String[0]));
    if (section == null) {
      return null;
    }
    String id = section.required("id", Values.ID_RULE, Values::id);
    HostPort address = section.required("address", Values.ADDRESS_RULE, Values::address);
    String scheme = section.optional("scheme", HTTP, value -> value.choice(SCHEMES));
    TlsDraft tls = section.has("tls")
        ? section.optional("tls", value -> tls(value, scheme, address, folder))
        : TlsDraft.of(address);
    if (tls != null && HTTPS.equals(scheme)) {
      tls.check(section, faults);
    }
    return new BackendDraft(
        section,
        id,
        address,
        section.optional("weight", 1, value -> value.number(0, Backend.MAX_WEIGHT)),
        section.optional("maxConnections", 0, value -> value.number(1, MAX_CONNECTIONS)),
        section.optional("tier", 0, value -> value.number(0, Backend.MAX_TIER)),
        section.optional("drain", false, Setting::flag),
        scheme,
        tls);
  }

  private static @Nullable TlsDraft tls(
      Setting setting, @Nullable String scheme, @Nullable HostPort address, Path folder) {
    return HTTP.equals(scheme)
        ? setting.orRefuse(null, "absent unless scheme is https")
        : TlsDraft.read(setting, address, folder);
  }

  boolean isHttps() {
    return HTTPS.equals(scheme);
  }

  /** Returns the settings. Call this only if there were no faults. */
  BackendConfig config() {
    HostPort at = requireNonNull(address);
    Backend backend = Backend.of(requireNonNull(id), at.host(), at.port())
        .withWeight(requireNonNull(weight))
        .withMaxConnections(requireNonNull(maxConnections))
        .withTier(requireNonNull(tier));
    BackendTls verified = isHttps() ? requireNonNull(tls).config() : null;
    return new BackendConfig(
        backend.withScheme(requireNonNull(scheme)).withAttachment(verified),
        requireNonNull(drain),
        verified);
  }
}
