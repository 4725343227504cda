package dev.limpet.vertx;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the certificate of an https backend must have. Make it the {@linkplain
 * dev.limpet.core.Backend#withAttachment attachment} of such a backend:
 *
 * <pre>{@code
 * Backend.of("app1", "10.0.0.11", 8443)
 *     .withScheme("https")
 *     .withAttachment(new BackendTls(authorities, "app1.internal"));
 * }</pre>
 *
 * <p>The certificate is always verified. An https backend without this attachment must have one
 * for its host from an authority that the JVM trusts. Used by {@link StickyHttpProxy} and {@link
 * HealthChecks}. Immutable.
 *
 * @param trusted the certificates of the authorities that may have issued it; empty for those that
 *     the JVM trusts
 * @param name the name or the address in it; a name is also sent to the backend (SNI)
 */
public record BackendTls(List<X509Certificate> trusted, String name) {

  /**
   * Makes requirements.
   *
   * @param trusted the certificates of the authorities; empty for those that the JVM trusts
   * @param name the name or the address
   * @throws IllegalArgumentException if the name is empty
   */
  public BackendTls {
    trusted = List.copyOf(trusted);
    if (name.isEmpty()) {
      throw new IllegalArgumentException("name: \"\" (expected: a name or an IP address)");
    }
  }

  /** {@return the hash of the name, because that of many certificates takes long} */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** {@return the name only, because certificates are long} */
  @Override
  public String toString() {
    return name;
  }
}
