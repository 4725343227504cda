package dev.limpet.examples.gateway.config;

import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What the certificate of an https backend must have. The attachment of such a {@linkplain
 * dev.limpet.core.Backend backend}.
 *
 * @param trusted the certificates of the authorities that may have issued it; empty for those that
 *     the JVM trusts
 * @param name the name or address in it; a name is also sent to the backend (SNI)
 */
public record BackendTls(List<X509Certificate> trusted, String name) {

  /** Makes requirements. */
  public BackendTls {
    trusted = List.copyOf(trusted);
  }

  /** Returns the hash of the name, because that of many certificates takes long. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  /** Returns the name only, because certificates are long. */
  @Override
  public String toString() {
    return name;
  }
}
