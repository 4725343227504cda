package dev.limpet.examples.gateway.config;

import static java.util.Objects.requireNonNull;

import dev.limpet.vertx.BackendTls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SNIHostName;
import org.jspecify.annotations.Nullable;

/** The {@code tls} of a backend as read so far. A value is null if it could not be read. */
record TlsDraft(
    @Nullable List<X509Certificate> trusted, @Nullable String name) {
  private static final String NAME_RULE = "a host's name or address that a certificate can have";

  /** Returns what applies without any setting. */
  static TlsDraft of(@Nullable HostPort address) {
    return new TlsDraft(List.of(), (address == null) ? null : address.host());
  }

  static @Nullable TlsDraft read(Setting setting, @Nullable HostPort address, Path folder) {
    Section section = setting.section("ca", "name");
    if (section == null) {
      return null;
    }
    TlsDraft absent = of(address);
    return new TlsDraft(
        section.optional("ca", List.of(), value -> CertificateFile.read(value, folder)),
        section.has("name") ? section.optional("name", TlsDraft::name) : absent.name);
  }

  private static @Nullable String name(Setting setting) {
    String text = setting.text(NAME_RULE);
    if (text == null) {
      return null;
    }
    String host = HostPort.host(text);
    return setting.orRefuse((host == null || !isInCertificates(host)) ? null : host, NAME_RULE);
  }

  /** Reports a host that no certificate can have, such as a name with an underscore. */
  void check(Section backend, Faults faults) {
    if (name != null && !isInCertificates(name)) {
      faults.add(backend.line("address"), "tls.name", "absent", NAME_RULE + ", unlike " + name);
    }
  }

  private static boolean isInCertificates(String host) {
    if (IpLiteral.parse(host) != null) {
      return true;
    }
    try {
      return !new SNIHostName(withoutDot(host)).getAsciiName().isEmpty();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** A certificate has names without the dot of the root. */
  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  /** Returns the settings. Call this only if there were no faults. */
  BackendTls config() {
    return new BackendTls(requireNonNull(trusted), withoutDot(requireNonNull(name)));
  }
}
