package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate of its own signature, in PEM files and in a context of servers.
 *
 * @param cert the file of the certificate
 * @param key the file of its private key
 * @param server makes sockets that present it
 */
record TestCertificate(Path cert, Path key, SSLContext server) {
  private static final String PASSWORD = "changeit";

  /** Writes cert.pem and key.pem for localhost, and returns the setting of a listener. */
  static String create(Path folder)
      throws IOException, GeneralSecurityException, InterruptedException {
    TestCertificate made = of(folder, "dns:localhost");
    return "tls: {cert: \"" + made.cert + "\", key: \"" + made.key + "\"}";
  }

  /**
   * Writes cert.pem and key.pem.
   *
   * @param names such as {@code dns:localhost,ip:127.0.0.1}
   */
  static TestCertificate of(Path folder, String names)
      throws IOException, GeneralSecurityException, InterruptedException {
    Path store = folder.resolve("store.p12");
    Process keytool = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-dname",
            "CN=localhost",
            "-ext",
            "SAN=" + names,
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD,
            "-keystore",
            store.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("keytool.log").toFile())
        .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keytool.log")));
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    Path cert = write(
        folder.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("a").getEncoded());
    Path key = write(
        folder.resolve("key.pem"),
        "PRIVATE KEY",
        keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
    return new TestCertificate(cert, key, context(keys));
  }

  /** Returns the settings of a backend that presents this certificate. */
  String backend(String more) {
    return "scheme: https, tls: {ca: \"" + cert + "\"" + more + "}";
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static Path write(Path file, String kind, byte[] content) throws IOException {
    String text = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content);
    return Files.writeString(
        file, "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n");
  }
}
