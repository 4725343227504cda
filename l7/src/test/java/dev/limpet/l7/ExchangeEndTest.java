package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Where exchanges end: until then they hold a connection of their backend. */
class ExchangeEndTest {
  private final ExchangeScene scene = ExchangeScene.counted();
  private final HttpRouter<Sent, Response> router = scene.chain();
  private final Browser alice = new Browser();

  @Test
  void aResponse_endsAfterItsLastByte() {
    StickyExchange<Sent, Response> exchange = router.begin(Sent.of());
    Response response = Response.ok();

    exchange.responded(response);
    assertThat(scene.connections()).isEqualTo(1);
    exchange.close();

    assertThat(scene.connections()).isZero();
    assertThat(response.setCookies()).hasSize(1);
  }

  @Test
  void aClientThatCancelsBeforeTheBackendIsConnected_endsIt() {
    StickyExchange<Sent, Response> exchange = router.begin(Sent.of());
    CompletableFuture<Boolean> connecting = new CompletableFuture<>();
    CompletableFuture<Boolean> next =
        connecting.thenApply(connected -> connected || exchange.connectFailed());

    exchange.close();
    assertThat(scene.connections()).isZero();
    connecting.complete(false);

    assertThat(next).isCompletedWithValue(false);
    assertThat(exchange.backend()).isNull();
    assertThat(router.stats().reroutes()).isZero();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aClientThatCancelsDuringTheResponse_endsItAndKeepsItsSession() {
    StickyExchange<Sent, Response> exchange = router.begin(Sent.of());
    Response response = AppFixture.sets("SID=x");
    exchange.responded(response);
    alice.take(response);

    exchange.close();

    assertThat(scene.connections()).isZero();
    StickyExchange<Sent, Response> next = router.begin(Sent.by(alice));
    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(exchange.route().backend());
    next.close();
  }

  @Test
  void anUpgrade_endsWithItsTunnel() {
    StickyExchange<Sent, Response> exchange = router.begin(Sent.of());
    Response switching = Response.of(101);

    exchange.responded(switching);

    assertThat(switching.setCookies()).hasSize(1);
    assertThat(exchange.backend()).isNotNull();
    scene.advance(LbFixture.DURATION.multipliedBy(10));
    assertThat(scene.connections()).isEqualTo(1);
    exchange.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aStream_keepsItsSessionUntilItEnds() {
    ExchangeScene.visit(router, alice, AppFixture.sets("SID=x"));
    StickyExchange<Sent, Response> stream = router.begin(Sent.by(alice));
    stream.responded(Response.ok());

    scene.advance(AppFixture.DURATION.multipliedBy(10));

    assertThat(scene.connections()).isEqualTo(1);
    StickyExchange<Sent, Response> next = router.begin(Sent.by(alice));
    assertThat(next.route().outcome()).isEqualTo(Outcome.KEPT);
    assertThat(next.backend()).isEqualTo(stream.backend());
    next.close();
    stream.close();
    assertThat(scene.connections()).isZero();
  }
}
