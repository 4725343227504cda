package dev.limpet.vertx;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate of its own signature, for localhost and 127.0.0.1. */
final class TestTls {
  private static final String STORE = "dev/limpet/vertx/localhost.p12";
  private static final char[] PASSWORD = "changeit".toCharArray();

  private TestTls() {}

  /** Returns the options of a server that presents the certificate. */
  static HttpServerOptions serverOptions() {
    return new HttpServerOptions()
        .setSsl(true)
        .setKeyCertOptions(new PfxOptions().setPath(STORE).setPassword(new String(PASSWORD)));
  }

  static X509Certificate certificate() throws GeneralSecurityException {
    return (X509Certificate) store().getCertificate("a");
  }

  /** Connects to a server that presents the certificate, and sends a text. */
  static Socket send(int port, String text) throws Exception {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    Socket client = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    client.getOutputStream().write(text.getBytes(ISO_8859_1));
    return client;
  }

  /** A store that trusts the certificate. */
  private static KeyStore store() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = TestTls.class.getResourceAsStream("localhost.p12")) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD);
      store.load(null, PASSWORD);
      store.setCertificateEntry("a", keys.getCertificate("a"));
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
