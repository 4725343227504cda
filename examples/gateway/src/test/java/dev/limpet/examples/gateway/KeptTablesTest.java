package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.examples.gateway.operate.Edit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of a gateway that is started again. */
@Timeout(30)
class KeptTablesTest {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String OTHER = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

  @TempDir
  private Path folder;

  private TestGateway gateway(String settings, String secret, TestBackend... backends)
      throws IOException {
    return TestGateway.of(TestGateway.yaml("http", "", settings, TestGateway.entries(backends))
        + "keySecret: " + secret + "\ntables: " + folder + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {TestGateway.SOURCE_IP, TestGateway.APP_COOKIE})
  void sessionsGoOnAfterARestart(String sticky) throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestBackend b3 = TestBackend.login("b3")) {
      List<String> homes = new ArrayList<>();
      List<Client> clients = new ArrayList<>();
      try (TestGateway before = gateway(sticky, SECRET, b1, b2, b3)) {
        for (int i = 0; i < 12; i++) {
          Client client = before.client();
          clients.add(client);
          homes.add(client.body());
        }
      }
      assertThat(homes).contains("b1", "b2", "b3");
      try (TestGateway after = gateway(sticky, SECRET, b3, b1, b2)) {
        assertThat(after.console().said())
            .contains("table web: 12 sessions restored, 0 expired, 0 left out");
        for (int i = 0; i < clients.size(); i++) {
          assertThat(clients.get(i).at(after.port()).body()).isEqualTo(homes.get(i));
        }
      }
    }
  }

  @Test
  void sessionsThatEndedWithTheirType_doNotComeBackAfterARestart() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1")) {
      try (TestGateway first = gateway(TestGateway.APP_COOKIE, SECRET, b1)) {
        first.client().body();
      }
      assertThat(folder.resolve("web.table")).exists();
      try (TestGateway second = gateway(TestGateway.APP_COOKIE, SECRET, b1)) {
        second.gateway().operations().change(new Edit.Stickiness("web", null), null, "me");
      }
      assertThat(folder.resolve("web.table")).doesNotExist();
    }
  }

  @Test
  void sessionsByParameterGoOnAfterARestart() throws Exception {
    String sticky = "stickySession: {type: query, parameter: cart}";
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2")) {
      List<String> homes = new ArrayList<>();
      try (TestGateway before = gateway(sticky, SECRET, b1, b2)) {
        for (int cart = 0; cart < 8; cart++) {
          homes.add(ofCart(before, cart));
        }
      }
      try (TestGateway after = gateway(sticky, SECRET, b2, b1)) {
        for (int cart = 0; cart < 8; cart++) {
          assertThat(ofCart(after, cart)).isEqualTo(homes.get(cart));
        }
      }
    }
  }

  private static String ofCart(TestGateway gateway, int cart) throws IOException {
    String got = new Client(gateway.port())
        .exchange("GET /?cart=" + cart + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    return got.substring(got.indexOf("\r\n\r\n"));
  }

  @Test
  void aTableOfAnotherSecretOrADamagedOne_isRefusedAndTheGatewayServes() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1")) {
      try (TestGateway before = gateway(TestGateway.SOURCE_IP, SECRET, b1)) {
        before.client().body();
      }
      try (TestGateway other = gateway(TestGateway.SOURCE_IP, OTHER, b1)) {
        assertThat(other.console().complaints())
            .anyMatch(line -> line.startsWith("table web: not restored, "));
        assertThat(other.client().body()).isEqualTo("b1");
      }
      Files.write(folder.resolve("web.table"), new byte[] {1, 2, 3});
      try (TestGateway damaged = gateway(TestGateway.SOURCE_IP, SECRET, b1)) {
        assertThat(damaged.console().complaints())
            .anyMatch(line -> line.startsWith("table web: not restored, "));
        assertThat(damaged.client().body()).isEqualTo("b1");
      }
    }
  }

  @Test
  void aBackendThatReadsNothing_keepsNoTableFromBeingSaved() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (TestBackend deaf = TestBackend.raw("b1", socket -> over.await(30, TimeUnit.SECONDS));
        SocketChannel client = SocketChannel.open()) {
      String yaml = TestGateway.yaml("tcp", "", TestGateway.SOURCE_IP, TestGateway.entries(deaf))
          + "keySecret: " + SECRET + "\ntables: " + folder + "\n";
      try (TestGateway before = TestGateway.of(yaml)) {
        client.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), before.port()));
        client.configureBlocking(false);
        AtomicLong written = new AtomicLong();
        Wait.untilSteady(() -> written.addAndGet(write(client)));
      }
      over.countDown();
      try (TestGateway after = TestGateway.of(yaml)) {
        assertThat(after.console().said())
            .contains("table web: 1 sessions restored, 0 expired, 0 left out");
      }
    }
  }

  private static int write(SocketChannel client) {
    try {
      return client.write(ByteBuffer.allocate(1 << 16));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void anLbCookieThatIsEncrypted_keepsItsSession() throws Exception {
    try (TestBackend b1 = TestBackend.http("b1");
        TestBackend b2 = TestBackend.http("b2");
        TestGateway gateway =
            TestGateway.http("stickySession: {type: lb-cookie, encrypted: true}", b1, b2)) {
      Client client = gateway.sessionAt("b2");
      assertThat(client.cookie("limpet-web")).hasSize(60);
      for (int i = 0; i < 4; i++) {
        assertThat(client.body()).isEqualTo("b2");
      }
    }
  }
}
