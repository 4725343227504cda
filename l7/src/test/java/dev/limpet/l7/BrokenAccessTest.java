package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** An access that throws fails the stages of asynchronous verbs, and leaves no connection. */
class BrokenAccessTest {
  private static final String BROKEN = "broken on purpose";

  private final Pool pool = Pool.builder("web")
      .backends(List.of(Backend.of("a", "a", 80)))
      .countConnections()
      .build();
  private final HttpRouter<String, String> router = HttpRouter.of(
      pool,
      AppCookieAffinity.builder(new Access())
          .session(StickySession.appCookie("SID"))
          .build());
  private boolean isBroken;

  @Test
  void beginAsync_failsItsStage() {
    isBroken = true;

    assertFails(router.beginAsync("request"));
    assertThat(connections()).isZero();
  }

  @Test
  void respondedAsync_failsItsStage_andTheExchangeCanBeClosed() {
    StickyExchange<String, String> exchange = router.begin("request");
    isBroken = true;

    assertFails(exchange.respondedAsync("response"));
    assertThat(connections()).isEqualTo(1);
    exchange.close();
    assertThat(connections()).isZero();
  }

  @Test
  void onResponseAsync_failsItsStage() {
    try (Route route = router.route("request")) {
      isBroken = true;

      assertFails(router.onResponseAsync("request", route, "response"));
    }
    assertThat(connections()).isZero();
  }

  private static void assertFails(CompletionStage<?> stage) {
    assertThat(stage.toCompletableFuture())
        .isCompletedExceptionally()
        .failsWithin(Duration.ZERO)
        .withThrowableThat()
        .withMessageContaining(BROKEN);
  }

  private int connections() {
    return pool.snapshot().members().get(0).load().connections();
  }

  /** Works until it is told not to. */
  private final class Access implements HttpAccess<String, String> {
    @Override
    public List<String> requestFields(String request, String name) {
      failIfBroken();
      return List.of();
    }

    @Override
    public int status(String response) {
      failIfBroken();
      return 200;
    }

    @Override
    public List<String> fields(String response, String name) {
      failIfBroken();
      return List.of("SID=x");
    }

    @Override
    public void setFields(String response, String name, List<String> values) {
      failIfBroken();
    }

    private void failIfBroken() {
      if (isBroken) {
        throw new IllegalStateException(BROKEN);
      }
    }
  }
}
