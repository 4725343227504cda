package dev.limpet.examples.embedding;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StickyTcpProxyTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private Server db1;
  private Server db2;
  private Server db3;
  private Pool pool;
  private ServerSocket listener;

  @BeforeEach
  void start() throws IOException {
    db1 = new Server("db1");
    db2 = new Server("db2");
    db3 = new Server("db3");
    pool = Pool.of("db", db1.backend(), db2.backend(), db3.backend());
    listener = new ServerSocket(0, 50, LOOPBACK);
    StickyTcpProxy proxy = new StickyTcpProxy(pool);
    inBackground(() -> proxy.serve(listener));
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
    for (Server server : List.of(db1, db2, db3)) {
      server.close();
    }
  }

  @Test
  void client_sticksToItsBackend() throws IOException {
    String home = ask("127.0.0.1");

    for (int i = 0; i < 10; i++) {
      assertThat(ask("127.0.0.1")).isEqualTo(home);
    }
  }

  @Test
  void clients_areSpread() throws IOException {
    Set<String> answers = new HashSet<>();
    for (int i = 1; i <= 3; i++) {
      answers.add(ask("127.0.0." + i));
    }

    assertThat(answers).containsExactlyInAnyOrder("db1", "db2", "db3");
  }

  @Test
  void client_movesOnceWhenItsBackendIsDead() throws IOException {
    Server home = server(ask("127.0.0.1"));

    home.close();
    String moved = ask("127.0.0.1");

    assertThat(moved).isNotEqualTo(home.id());
    for (int i = 0; i < 10; i++) {
      assertThat(ask("127.0.0.1")).isEqualTo(moved);
    }
  }

  @Test
  void otherClients_stayWhenABackendIsDead() throws IOException {
    Server dead = server(ask("127.0.0.1"));
    String home = ask("127.0.0.2");

    dead.close();
    ask("127.0.0.1");

    assertThat(ask("127.0.0.2")).isEqualTo(home);
  }

  @Test
  void client_staysOnADrainedBackend() throws IOException {
    String home = ask("127.0.0.1");

    pool.change(edit -> edit.drain(home));

    assertThat(ask("127.0.0.1")).isEqualTo(home);
  }

  @Test
  void connection_isClosedWhenNoBackendAnswers() throws IOException {
    for (Server server : List.of(db1, db2, db3)) {
      server.close();
    }

    assertThat(ask("127.0.0.1")).isNull();
  }

  @Test
  void bytes_passBothWaysUntilBothSidesEnd() throws IOException {
    byte[] sent = new byte[5_000_000];
    new Random(42).nextBytes(sent);

    try (Socket client = connect("127.0.0.1")) {
      Thread sender = inBackground(() -> {
        client.getOutputStream().write(sent);
        client.shutdownOutput();
      });
      byte[] received = client.getInputStream().readAllBytes();

      assertThat(received.length).isEqualTo("db1\n".length() + sent.length);
      assertThat(Arrays.copyOfRange(received, "db1\n".length(), received.length))
          .isEqualTo(sent);
      assertThat(sender.isInterrupted()).isFalse();
    }
  }

  @Test
  void wholeExample_hasFewerThan80Lines() throws IOException {
    Path source = Path.of("src/main/java/dev/limpet/examples/embedding/StickyTcpProxy.java");

    assertThat(Files.readAllLines(source)).hasSizeLessThan(80);
  }

  /** Returns who answers a client, or null if the connection is closed without an answer. */
  private String ask(String client) throws IOException {
    try (Socket socket = connect(client)) {
      socket.shutdownOutput();
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII))
          .readLine();
    } catch (SocketException reset) {
      return null;
    }
  }

  private Socket connect(String client) throws IOException {
    return new Socket(LOOPBACK, listener.getLocalPort(), InetAddress.getByName(client), 0);
  }

  private Server server(String id) {
    return List.of(db1, db2, db3).stream()
        .filter(server -> server.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  /** Runs what ends when its socket is closed. */
  private static Thread inBackground(Io work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException closed) {
        return;
      }
    });
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  @FunctionalInterface
  private interface Io {
    void run() throws IOException;
  }

  /** Says its id to every connection and then repeats what it hears. */
  private static final class Server {
    private final String id;
    private final ServerSocket socket = new ServerSocket(0, 50, LOOPBACK);
    private final Thread accepting;

    Server(String id) throws IOException {
      this.id = id;
      this.accepting = inBackground(() -> {
        while (true) {
          Socket client = socket.accept();
          inBackground(() -> answer(client));
        }
      });
    }

    String id() {
      return id;
    }

    Backend backend() {
      return Backend.of(id, LOOPBACK.getHostAddress(), socket.getLocalPort());
    }

    /**
     * Closes, and waits for the thread that accepts: until it has ended, it may accept one more.
     */
    void close() throws IOException {
      socket.close();
      try {
        accepting.join();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    private void answer(Socket client) throws IOException {
      try (client) {
        client.getOutputStream().write((id + '\n').getBytes(US_ASCII));
        client.getInputStream().transferTo(client.getOutputStream());
      }
    }
  }
}
