package dev.limpet.undertow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawMessage;
import io.undertow.Undertow;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xnio.OptionMap;
import org.xnio.Xnio;

/** Backends of the scheme https are reached by TLS, if their certificate is theirs. */
@Tag("slow")
class TlsBackendTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir
  private Path folder;

  private SSLContext context;
  private Undertow backend;

  @BeforeEach
  void start() throws Exception {
    context = context(keys());
    backend = Undertow.builder()
        .addHttpsListener(0, "127.0.0.1", context)
        .setHandler(exchange -> exchange.getResponseSender().send("secure"))
        .build();
    backend.start();
  }

  @AfterEach
  void stop() {
    backend.stop();
  }

  @Test
  void backend_isReachedByTls() throws Exception {
    RawMessage answer = get("localhost");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).isEqualTo("secure");
    assertThat(answer.fields("Set-Cookie")).hasSize(1);
  }

  @Test
  void certificateOfAnotherHost_isRefused() throws Exception {
    assertThat(get("127.0.0.1").status()).isEqualTo(503);
  }

  private RawMessage get(String host) throws Exception {
    int port = ((InetSocketAddress) backend.getListenerInfo().get(0).getAddress()).getPort();
    Pool pool = Pool.builder("web")
        .backends(List.of(Backend.of("b1", host, port).withScheme("https")))
        .countConnections()
        .build();
    UndertowXnioSsl ssl = new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, context);
    try (TestProxy proxy =
            TestProxy.start(StickyProxy.builder(TestProxy.router(pool)).ssl(ssl).handler());
        RawClient client = new RawClient(proxy.port(), Duration.ofSeconds(10))) {
      RawMessage answer = client.get();
      Wait.untilOpenRoutes(pool, 0);
      return answer;
    }
  }

  private KeyStore keys() throws Exception {
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
            "SAN=dns:localhost",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            store.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("keytool.log").toFile())
        .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("keytool.log")));
    }
    return KeyStore.getInstance(store.toFile(), PASSWORD);
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory others =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    others.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), others.getTrustManagers(), null);
    return context;
  }
}
