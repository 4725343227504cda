package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What passes between TCP clients and backends. */
@Timeout(30)
class TcpWireTest {
  private static final RawServer.Talk ECHO =
      socket -> socket.getInputStream().transferTo(socket.getOutputStream());
  private static final RawServer.Talk ECHO_AT_END = socket -> {
    byte[] all = socket.getInputStream().readAllBytes();
    socket.getOutputStream().write(all);
  };

  @Test
  void clientThatEndsItsOutput_stillGetsTheAnswer() throws Exception {
    try (TestBackend backend = TestBackend.raw("b1", ECHO_AT_END);
        TestGateway gateway = start(backend);
        Socket socket = connect(gateway)) {
      TestBackend.say(socket, "ask");
      socket.shutdownOutput();
      assertThat(Client.all(socket)).isEqualTo("ask");
    }
  }

  @Test
  void backendThatEndsItsOutput_stillGetsWhatTheClientSends() throws Exception {
    CompletableFuture<String> got = new CompletableFuture<>();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          TestBackend.say(socket, "first");
          socket.shutdownOutput();
          got.complete(Client.all(socket));
        });
        TestGateway gateway = start(backend);
        Socket socket = connect(gateway)) {
      assertThat(Client.all(socket)).isEqualTo("first");
      TestBackend.say(socket, "later");
      socket.shutdownOutput();
      assertThat(got.get(5, TimeUnit.SECONDS)).isEqualTo("later");
    }
  }

  @Test
  void bytes_passBothWaysUnchanged() throws Exception {
    byte[] sent = new byte[8_000_000];
    new Random(1).nextBytes(sent);
    try (TestBackend backend = TestBackend.raw("b1", ECHO);
        TestGateway gateway = start(backend);
        Socket socket = connect(gateway)) {
      CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> write(socket, sent));
      assertThat(socket.getInputStream().readAllBytes()).isEqualTo(sent);
      writing.get(5, TimeUnit.SECONDS);
    }
  }

  @Test
  void backendThatClosesAfterManyBytes_slowReaderLosesNone() throws Exception {
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          for (int i = 0; i < 100; i++) {
            socket.getOutputStream().write(new byte[80_000]);
            written.addAndGet(80_000);
          }
        });
        TestGateway gateway = start(backend);
        Socket socket = connect(gateway)) {
      Wait.untilSteady(written::get);
      assertThat(socket.getInputStream().readAllBytes()).hasSize(8_000_000);
    }
  }

  @Test
  void slowClient_pausesTheBackend() throws Exception {
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          OutputStream out = socket.getOutputStream();
          while (true) {
            out.write(new byte[65_536]);
            written.addAndGet(65_536);
          }
        });
        TestGateway gateway = start(backend);
        Socket socket = connect(gateway)) {
      assertThat(socket.isConnected()).isTrue();
      assertThat(Wait.untilSteady(written::get)).isLessThan(40_000_000);
    }
  }

  @Test
  void failedConnect_goesElsewhereWithoutLoss() throws Exception {
    try (TestBackend b1 = TestBackend.refusing("b1");
        TestBackend b2 = TestBackend.raw("b2", ECHO_AT_END);
        TestGateway gateway = TestGateway.tcp(TestGateway.NOT_STICKY, b1, b2)) {
      for (int i = 0; i < 2; i++) {
        try (Socket socket = connect(gateway)) {
          write(socket, new byte[200_000]);
          assertThat(socket.getInputStream().readAllBytes()).hasSize(200_000);
        }
      }
    }
  }

  @Test
  void nothingLeft_closesTheConnection() throws Exception {
    try (TestBackend b1 = TestBackend.refusing("b1");
        TestBackend b2 = TestBackend.refusing("b2");
        TestGateway gateway = TestGateway.tcp(TestGateway.SOURCE_IP, b1, b2);
        Socket socket = connect(gateway)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void clientThatResets_closesTheBackendsConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          TestBackend.say(socket, "x");
          try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
          } finally {
            closed.countDown();
          }
        });
        TestGateway gateway = start(backend)) {
      Socket socket = connect(gateway);
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('x');
      socket.setSoLinger(true, 0);
      socket.close();
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void clientThatResetsWhileItIsPaused_closesTheBackendsConnection() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    try (TestBackend backend = TestBackend.raw("b1", socket -> Flow.trickle(socket, closed));
        TestGateway gateway = limitedToOne(backend)) {
      Socket socket = connect(gateway);
      Thread writer = Flow.pouring(socket, written);
      Wait.untilSteady(written::get);
      assertThat(gateway.connections("b1")).isEqualTo(1);
      socket.setSoLinger(true, 0);
      socket.close();
      writer.join();
      try {
        assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
        Wait.until(() -> gateway.connections("b1") == 0);
      } finally {
        backend.kill(); // else the gateway cannot close either
      }
    }
  }

  @Test
  void clientThatClosesWhileTheBackendIsSlow_losesNothing() throws Exception {
    byte[] sent = new byte[4_000_000];
    CountDownLatch gone = new CountDownLatch(1);
    CompletableFuture<Integer> got = new CompletableFuture<>();
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          Wait.until(gone);
          got.complete(socket.getInputStream().readAllBytes().length);
        });
        TestGateway gateway = limitedToOne(backend)) {
      CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
        try (Socket socket = connect(gateway)) {
          socket.getOutputStream().write(sent);
        } catch (IOException e) {
          throw new IllegalStateException(e);
        }
      });
      Wait.until(() -> gateway.connections("b1") == 1);
      gone.countDown();
      writing.get(5, TimeUnit.SECONDS);
      assertThat(got.get(5, TimeUnit.SECONDS)).isEqualTo(sent.length);
      Wait.until(() -> gateway.connections("b1") == 0);
    }
  }

  @Test
  void connection_countsUntilTheBackendsIsClosed() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    try (TestBackend backend = TestBackend.raw("b1", socket -> {
          socket.shutdownOutput();
          Wait.until(reading);
          socket.getInputStream().readAllBytes();
        });
        TestGateway gateway = limitedToOne(backend);
        Socket socket = connect(gateway)) {
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
      TestBackend.say(socket, "x");
      assertThat(gateway.connections("b1")).isEqualTo(1);
      socket.shutdownOutput();
      reading.countDown();
      Wait.until(() -> gateway.connections("b1") == 0);
    }
  }

  private static TestGateway limitedToOne(TestBackend backend) throws IOException {
    return TestGateway.of(TestGateway.yaml(
        "tcp", "", TestGateway.SOURCE_IP, List.of(backend.entry("maxConnections: 1"))));
  }

  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TestGateway start(TestBackend backend) throws IOException {
    return TestGateway.tcp(TestGateway.SOURCE_IP, backend);
  }

  private static Socket connect(TestGateway gateway) throws IOException {
    return new Client(gateway.port()).connect();
  }
}
