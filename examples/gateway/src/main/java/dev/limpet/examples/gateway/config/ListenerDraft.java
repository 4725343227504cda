package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Layer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A listener as read so far. A value is null if it is absent or could not be read. */
record ListenerDraft(
    Section section,
    @Nullable String name,
    @Nullable Protocol protocol,
    @Nullable String host,
    @Nullable Integer port,
    @Nullable String pool,
    @Nullable TlsConfig tls,
    List<Cidr> proxyProtocol,
    List<Cidr> trustedProxies,
    @Nullable Duration clientTimeout,
    @Nullable StickyDraft stickySession) {

  private static final String DEFAULT_HOST = "127.0.0.1";
  private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);
  private static final int MAX_BLOCKS = 1000;

  static @Nullable ListenerDraft read(Setting setting, StartFiles files, Faults faults) {
    Section section = setting.section(
        "name",
        "protocol",
        "host",
        "port",
        "pool",
        "tls",
        "proxyProtocol",
        "trustedProxies",
        "clientTimeout",
        "stickySession");
    if (section == null) {
      return null;
    }
    Protocol protocol = section.required(
        "protocol", "one of [http, tcp]", value -> value.choice(Protocol.values()));
    return new ListenerDraft(
        section,
        section.required("name", Values.NAME_RULE, Values::name),
        protocol,
        section.optional("host", DEFAULT_HOST, Values::host),
        section.required("port", "0.." + Values.MAX_PORT, Values::port),
        section.required("pool", "the name of a pool", Values::name),
        section.optional("tls", value -> tls(value, protocol, files)),
        blocks(section.get("proxyProtocol")),
        proxies(section.get("trustedProxies"), protocol),
        section.optional("clientTimeout", DEFAULT_TIMEOUT, value -> timeout(value, protocol)),
        section.optional("stickySession", value -> StickyDraft.read(value, faults)));
  }

  private static @Nullable TlsConfig tls(
      Setting setting, @Nullable Protocol protocol, StartFiles files) {
    if (protocol == Protocol.TCP) {
      return setting.orRefuse(null, "absent with protocol tcp");
    }
    Section section = setting.section("cert", "key");
    if (section == null) {
      return null;
    }
    Path cert = section.required("cert", "the path of a PEM file", files::file);
    Path key = section.required("key", "the path of a PEM file", files::file);
    return (cert == null || key == null) ? null : new TlsConfig(cert, key);
  }

  private static @Nullable Duration timeout(Setting setting, @Nullable Protocol protocol) {
    if (protocol == Protocol.TCP) {
      return setting.orRefuse(null, "absent with protocol tcp");
    }
    return Values.wait(setting);
  }

  private static List<Cidr> proxies(@Nullable Setting setting, @Nullable Protocol protocol) {
    if (setting != null && protocol == Protocol.TCP) {
      setting.orRefuse(null, "absent with protocol tcp");
      return List.of();
    }
    return blocks(setting);
  }

  private static List<Cidr> blocks(@Nullable Setting setting) {
    List<Cidr> blocks = new ArrayList<>();
    List<Setting> items =
        (setting == null) ? null : setting.items(MAX_BLOCKS, "blocks of addresses");
    for (Setting item : (items == null) ? List.<Setting>of() : items) {
      Cidr block = Values.cidr(item);
      if (block != null) {
        blocks.add(block);
      }
    }
    return blocks;
  }

  /** Returns the layer. Call this only if the protocol is known. */
  Layer layer() {
    return requireNonNull(protocol).layer();
  }

  /** Returns how messages refer to the listener. */
  String label() {
    return (name != null) ? name : "in line " + section.line();
  }

  /**
   * Returns whether its LB cookie is secure, or may be: a setting that could not be read counts as
   * secure.
   */
  boolean isSecure(StickyDraft sticky) {
    boolean declared = sticky.section().has("secure");
    LbCookieConfig cookie = sticky.cookie();
    return declared ? cookie == null || !Boolean.FALSE.equals(cookie.secure()) : section.has("tls");
  }

  /** Returns the settings. Call this only if there were no faults. */
  ListenerConfig config() {
    return new ListenerConfig(
        requireNonNull(name),
        requireNonNull(protocol),
        requireNonNull(host),
        requireNonNull(port),
        requireNonNull(pool),
        tls,
        proxyProtocol,
        trustedProxies,
        requireNonNull(clientTimeout),
        (stickySession == null) ? null : stickySession.config());
  }
}
