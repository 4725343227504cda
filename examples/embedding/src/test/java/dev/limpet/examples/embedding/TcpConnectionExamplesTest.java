package dev.limpet.examples.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.embedding.TcpConnectionExamples.Connection;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The examples of tcp-connections.md do what that page says. */
@Timeout(60)
class TcpConnectionExamplesTest extends ExampleFixture {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private ServerSocket first;
  private ServerSocket second;
  private StickyRouter<Socket> router;
  private TcpConnectionExamples example;

  @BeforeEach
  void start() throws IOException {
    first = new ServerSocket(0, 50, LOOPBACK);
    second = new ServerSocket(0, 50, LOOPBACK);
    router = TcpConnectionExamples.router(
        List.of(backend("db1", first).withMaxConnections(1), backend("db2", second)));
    example = new TcpConnectionExamples(router);
  }

  @AfterEach
  void stop() throws IOException {
    first.close();
    second.close();
  }

  @Test
  void aConnection_isCountedUntilItIsClosed() throws IOException {
    Connection connection = example.connect(client("192.0.2.1"));

    assertThat(connections()).isEqualTo(1);
    connection.close();
    assertThat(connections()).isZero();
  }

  @Test
  void aBackendAtCapacity_isLeftToTheOther() throws IOException {
    router.pool().change(edit -> edit.down("db2"));
    try (Connection full = example.connect(client("192.0.2.1"))) {
      router.pool().change(edit -> edit.up("db2"));

      try (Connection other = example.connect(client("192.0.2.1"))) {
        assertThat(full.route()).hasToString("NEW db1 (UNKNOWN)");
        assertThat(other.route()).hasToString("MOVED db2 (BACKEND_FULL)");
      }
    }
  }

  @Test
  void aBackendThatRefuses_isLeftToTheOther_andNothingIsHeldAfterTheLast() throws IOException {
    first.close();
    try (Connection connection = example.connect(client("192.0.2.1"))) {
      assertThat(connection.route().backend().id()).isEqualTo("db2");
    }
    second.close();

    assertThatThrownBy(() -> example.connect(client("192.0.2.1")))
        .isInstanceOf(ConnectException.class)
        .hasMessage("route: NO_BACKEND (CONNECT_FAILED)");
    assertThat(connections()).isZero();
  }

  @Test
  void aClientThatEndsItsOutput_stillGetsTheAnswer() throws Exception {
    router.pool().change(edit -> edit.down("db2"));
    CompletableFuture<Void> database = inBackground(() -> {
      try (Socket server = first.accept()) {
        byte[] question = server.getInputStream().readAllBytes(); // until the client has ended
        server.getOutputStream().write(question);
      }
    });
    try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK);
        Socket client = new Socket(LOOPBACK, listener.getLocalPort())) {
      Socket accepted = listener.accept();
      CompletableFuture<Void> proxy = inBackground(() -> example.serve(accepted));
      client.getOutputStream().write("select 1".getBytes(US_ASCII));
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).asString(US_ASCII).isEqualTo("select 1");
      proxy.join();
      database.join();
    }
    assertThat(connections()).isZero();
  }

  @Test
  void connectionsThatStayOpen_letOthersBeAnswered() throws Exception {
    router.pool().change(edit -> edit.down("db1"));
    int open = Runtime.getRuntime().availableProcessors() + 8;
    List<Socket> sockets = new ArrayList<>();
    try (ServerSocket listener = new ServerSocket(0, 50, LOOPBACK)) {
      for (int i = 0; i < open; i++) {
        Socket client = new Socket(LOOPBACK, listener.getLocalPort());
        Socket accepted = listener.accept();
        CompletableFuture<Void> unused = inBackground(() -> example.serve(accepted));
        Socket server = second.accept();
        sockets.addAll(List.of(client, server));
        server.getOutputStream().write(i);

        assertThat(client.getInputStream().read()).isEqualTo(i);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static Backend backend(String id, ServerSocket server) {
    return Backend.of(id, LOOPBACK.getHostAddress(), server.getLocalPort());
  }

  private int connections() {
    return router.pool().snapshot().members().stream()
        .mapToInt(member -> member.load().connections())
        .sum();
  }

  @FunctionalInterface
  private interface Io {
    void run() throws Exception;
  }

  private static CompletableFuture<Void> inBackground(Io work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread = new Thread(() -> {
      try {
        work.run();
        done.complete(null);
      } catch (Exception e) {
        done.completeExceptionally(e);
      }
    });
    thread.setDaemon(true);
    thread.start();
    return done;
  }
}
