package dev.limpet.examples.gateway.config;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads certificates in PEM. */
final class CertificateFile {
  static final String RULE = "a readable PEM file with 1..1000 certificates";

  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_CERTIFICATES = 1000;

  private CertificateFile() {}

  /** Returns the certificates, or reports that there are none. */
  static @Nullable List<X509Certificate> read(Setting setting, Path folder) {
    Path file = Values.file(setting, folder);
    return (file == null) ? null : setting.orRefuse(certificates(file), RULE);
  }

  private static @Nullable List<X509Certificate> certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      return (bytes.length > MAX_BYTES) ? null : certificates(bytes);
    } catch (IOException | SecurityException | CertificateException e) {
      return null;
    }
  }

  private static @Nullable List<X509Certificate> certificates(byte[] pem)
      throws CertificateException {
    List<X509Certificate> all =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem))
            .stream()
            .map(X509Certificate.class::cast)
            .toList();
    return (all.isEmpty() || all.size() > MAX_CERTIFICATES) ? null : all;
  }
}
