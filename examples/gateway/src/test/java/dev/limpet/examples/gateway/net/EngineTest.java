package dev.limpet.examples.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EngineTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Engine engine =
      Engine.start(TIMEOUT, InetAddress::getAllByName, line -> {}, complaint -> {});

  @AfterEach
  void stop() throws Exception {
    await(engine.close());
  }

  @Test
  void listen_allEventLoopsServeAtOnePort() throws Exception {
    int port = await(listen(-1));
    Set<String> loops = new HashSet<>();
    for (int i = 0; i < 16; i++) {
      loops.add(ask(port));
    }
    assertThat(loops).hasSizeGreaterThan(1);
  }

  @Test
  void listen_negativeNumbersAreFreePortsOfTheirOwn() throws Exception {
    int one = await(listen(-1));
    int two = await(listen(-2));
    assertThat(Set.of(one, two)).hasSize(2).allMatch(port -> port > 0);
    assertThat(ask(one)).isNotEmpty();
    assertThat(ask(two)).isNotEmpty();
  }

  @Test
  void listen_failsIfThePortIsInUse() throws Exception {
    try (ServerSocket used = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> await(listen(used.getLocalPort())))
          .hasCauseInstanceOf(BindException.class);
    }
  }

  @Test
  void close_freesThePort() throws Exception {
    int port = await(listen(-1));
    await(engine.close());
    assertThatThrownBy(() -> ask(port)).isInstanceOf(ConnectException.class);
  }

  private Future<Integer> listen(int port) {
    return engine.listen(() -> engine
        .vertx()
        .createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(port))
        .connectHandler(socket -> {
          socket.write(Thread.currentThread().getName());
          socket.end();
        })
        .listen()
        .map(NetServer::actualPort));
  }

  private static String ask(int port) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
