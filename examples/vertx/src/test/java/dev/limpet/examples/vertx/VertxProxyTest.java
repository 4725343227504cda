package dev.limpet.examples.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class VertxProxyTest {
  private final Vertx vertx = Vertx.vertx();

  @AfterEach
  void close() throws Exception {
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void withoutBackends_twoAreStarted_andClientsStay() throws Exception {
    int port = await(VertxProxy.start(vertx));
    Set<String> homes = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      Ask client = new Ask();
      String home = client.body(port);
      for (int again = 0; again < 3; again++) {
        assertThat(client.body(port)).isEqualTo(home);
      }
      homes.add(home);
    }
    assertThat(homes).containsExactlyInAnyOrder("backend red\n", "backend blue\n");
  }

  @Test
  void backends_areThoseOfTheArguments() throws Exception {
    int backend = await(vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("mine"))
            .listen(0))
        .actualPort();

    int port = await(VertxProxy.start(vertx, "localhost:" + backend));

    assertThat(new Ask().body(port)).isEqualTo("mine");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:", ":80:", "localhost:123456"})
  void argumentThatIsNoAddress_isRefused(String backend) {
    assertThatThrownBy(() -> await(VertxProxy.start(vertx, backend)))
        .hasMessageContaining("backend: " + backend + " (expected: host:port)");
  }

  @Test
  void portOutOfRange_isRefused() {
    assertThatThrownBy(() -> await(VertxProxy.start(vertx, "localhost:65536")))
        .hasMessageContaining("(expected: 1..65535)");
  }
}
