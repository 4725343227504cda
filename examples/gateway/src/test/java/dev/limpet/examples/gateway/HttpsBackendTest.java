package dev.limpet.examples.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Backends that are reached over TLS. */
@Timeout(30)
class HttpsBackendTest {
  private static final String PLANTED =
      "HTTP/1.1 200 OK\r\nSet-Cookie: SID=attacker\r\nContent-Length: 7\r\n\r\nplanted";

  @TempDir
  private static Path folder;

  private static TestCertificate certificate;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.of(folder, "dns:localhost,ip:127.0.0.1");
  }

  @Test
  void requests_areServed_alsoByAddress() throws Exception {
    try (TestBackend b1 = TestBackend.https("b1", certificate.server());
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      assertThat(new Client(gateway.port()).body()).isEqualTo("b1");
      assertThat(new Client(gateway.port()).post("a".repeat(100_000)).body()).isEqualTo("b1");
    }
  }

  @Test
  void theName_isVerifiedAndSent() throws Exception {
    AtomicReference<String> sent = new AtomicReference<>();
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          Message.request(socket.getInputStream());
          sent.set(((ExtendedSSLSession) ((SSLSocket) socket).getSession())
              .getRequestedServerNames().stream()
                  .map(name -> ((SNIHostName) name).getAsciiName())
                  .findFirst()
                  .orElse("none"));
          TestBackend.say(socket, TestBackend.ok("b1"));
        });
        TestGateway gateway =
            start(TestGateway.NOT_STICKY, b1.entry(certificate.backend(", name: localhost")))) {
      assertThat(new Client(gateway.port()).body()).isEqualTo("b1");
      assertThat(sent).hasValue("localhost");
    }
  }

  @Test
  void anotherName_isAFailedConnect() throws Exception {
    try (TestBackend b1 = TestBackend.https("b1", certificate.server());
        TestBackend b2 = TestBackend.http("b2");
        TestGateway both = start(
            TestGateway.NOT_STICKY,
            b1.entry(certificate.backend(", name: example.com")),
            b2.entry());
        TestGateway alone =
            start(TestGateway.NOT_STICKY, b1.entry(certificate.backend(", name: example.com")))) {
      for (int i = 0; i < 4; i++) {
        assertThat(new Client(both.port()).post("x").body()).isEqualTo("b2");
      }
      Message refused = new Client(alone.port()).get();
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.body()).isEqualTo("no backend can serve this request: cannot connect\n");
      assertThat(alone.console().complaints()).isEmpty();
    }
  }

  @Test
  void aCertificateThatNobodyTrusts_isAFailedConnect() throws Exception {
    try (TestBackend b1 = TestBackend.https("b1", certificate.server());
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry("scheme: https"))) {
      assertThat(new Client(gateway.port()).get().status()).isEqualTo(503);
      assertThat(gateway.console().complaints()).isEmpty();
    }
  }

  @Test
  void aBackendWithoutTls_isAFailedConnect() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry("scheme: https"))) {
      assertThat(new Client(gateway.port()).get().status()).isEqualTo(503);
      assertThat(b1.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.3", "TLSv1.2"})
  void connections_areUsedAgain(String version) throws Exception {
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          ((SSLSocket) socket).setEnabledProtocols(new String[] {version});
          while (Message.request(socket.getInputStream()) != null) {
            TestBackend.say(
                socket, TestBackend.ok(((SSLSocket) socket).getSession().getProtocol()));
          }
        });
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      try (Socket client = new Client(gateway.port()).connect()) {
        InputStream in = client.getInputStream();
        for (int i = 0; i < 20; i++) {
          TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(Message.response(in, false).body()).isEqualTo(version);
        }
      }
      assertThat(b1.connections()).isEqualTo(1);
    }
  }

  @Test
  void recordsThatAreNoAnswer_doNotEndAConnection() throws Exception {
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          while (Message.request(socket.getInputStream()) != null) {
            TestBackend.say(socket, TestBackend.ok("b1"));
            ((SSLSocket) socket).startHandshake(); // in TLS 1.3, new keys
          }
        });
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      try (Socket client = new Client(gateway.port()).connect()) {
        InputStream in = client.getInputStream();
        for (int i = 0; i < 20; i++) {
          TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
          assertThat(Message.response(in, false).body()).isEqualTo("b1");
        }
      }
      assertThat(b1.connections()).isEqualTo(1);
    }
  }

  @Test
  void pipelinedRequests_areServedInOrder() throws Exception {
    try (TestBackend b1 = TestBackend.https("b1", certificate.server());
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")));
        Socket client = new Client(gateway.port()).connect()) {
      TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(10));
      for (int i = 0; i < 10; i++) {
        assertThat(Message.response(client.getInputStream(), false).body()).isEqualTo("b1");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"one record", "two records", "later"})
  void surplusBytes_reachNobody(String how) throws Exception {
    CountDownLatch served = new CountDownLatch(4);
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          Message.request(socket.getInputStream());
          if (how.equals("one record")) {
            TestBackend.say(socket, TestBackend.ok("own") + PLANTED);
          } else {
            TestBackend.say(socket, TestBackend.ok("own"));
            if (how.equals("later")) {
              Thread.sleep(5); // the answer is to be read by itself
            }
            TestBackend.say(socket, PLANTED);
          }
          served.countDown();
          Message.request(socket.getInputStream());
        });
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      for (int i = 0; i < 4; i++) {
        int closed = i + 1;
        Message got = new Client(gateway.port()).get();
        assertThat(got.body()).isEqualTo("own");
        assertThat(got.fields("set-cookie")).isEmpty();
        Wait.until(() -> b1.closed() == closed);
      }
      Wait.until(served);
      assertThat(gateway.surpluses()).isEqualTo(4);
    }
  }

  @Test
  void pipelinedRequests_neverGetWhatWasPlanted() throws Exception {
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          while (Message.request(socket.getInputStream()) != null) {
            TestBackend.say(socket, TestBackend.ok("own"));
            TestBackend.say(socket, PLANTED);
          }
        });
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      for (int round = 0; round < 5; round++) {
        try (Socket client = new Client(gateway.port()).connect()) {
          TestBackend.say(client, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".repeat(5));
          for (int i = 0; i < 5; i++) {
            assertThat(Message.response(client.getInputStream(), false).body()).isEqualTo("own");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anAnswerThatEndsWithItsConnection_isCompleteOnlyIfTlsEndsFirst(boolean ends)
      throws Exception {
    AtomicReference<Socket> tcp = new AtomicReference<>();
    try (TestBackend b1 = TestBackend.raw("b1", socket -> {
          tcp.set(socket);
          SSLSocket tls = (SSLSocket) certificate
              .server()
              .getSocketFactory()
              .createSocket(socket, "127.0.0.1", socket.getPort(), true);
          tls.setUseClientMode(false);
          Message.request(tls.getInputStream());
          TestBackend.say(tls, "HTTP/1.1 200 OK\r\n\r\nall");
          if (ends) {
            tls.close();
          } else {
            socket.close();
          }
        });
        TestGateway gateway = start(TestGateway.NOT_STICKY, b1.entry(certificate.backend("")))) {
      String got = new Client(gateway.port())
          .exchange("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      if (ends) {
        assertThat(got).startsWith("HTTP/1.1 200").endsWith("3\r\nall\r\n0\r\n\r\n");
      } else {
        assertThat(got).doesNotEndWith("0\r\n\r\n");
      }
    }
  }

  @Test
  void webSockets_passBothWays_andEndTogether() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    try (TestBackend b1 = TestBackend.tls("b1", certificate.server(), socket -> {
          Message.head(socket.getInputStream());
          TestBackend.say(socket, WebSocketTest.SWITCHING + "hi");
          byte[] echo = socket.getInputStream().readNBytes(4);
          TestBackend.say(socket, new String(echo, ISO_8859_1));
          socket.getInputStream().read();
          ended.countDown();
        });
        TestGateway gateway = start(TestGateway.LB_COOKIE, b1.entry(certificate.backend("")))) {
      Client client = new Client(gateway.port());
      try (Socket socket = client.connect()) {
        TestBackend.say(socket, WebSocketTest.upgradeRequest(client));
        assertThat(Message.head(socket.getInputStream())).startsWith("HTTP/1.1 101");
        assertThat(socket.getInputStream().readNBytes(2)).asString(ISO_8859_1).isEqualTo("hi");
        TestBackend.say(socket, "ping");
        assertThat(socket.getInputStream().readNBytes(4)).asString(ISO_8859_1).isEqualTo("ping");
      }
      Wait.until(ended);
      Wait.until(() -> gateway.connections("b1") == 0);
    }
  }

  @Test
  void healthChecks_useTlsToo() throws Exception {
    String check = "healthCheck: {path: /, interval: 500ms}";
    try (TestBackend b1 = TestBackend.https("b1", certificate.server());
        TestBackend b2 = TestBackend.https("b2", certificate.server());
        TestGateway gateway = start(
            check,
            b1.entry(certificate.backend("")),
            b2.entry(certificate.backend(", name: example.com")))) {
      Wait.until(() -> b1.connections() > 3 && b2.connections() > 3);
      Wait.until(() -> gateway.pool().snapshot().members().toString().equals("[b1 UP, b2 DOWN]"));
    }
  }

  private static TestGateway start(String settings, String... backends) throws Exception {
    return TestGateway.of(TestGateway.yaml("http", "", settings, List.of(backends)));
  }
}
