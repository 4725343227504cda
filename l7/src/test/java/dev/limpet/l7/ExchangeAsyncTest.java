package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Exchanges whose table answers when the test says so. */
class ExchangeAsyncTest {
  private final LateTable table = new LateTable(CaffeineStickyTable.of(ExchangeScene.SID, 100));
  private final ExchangeScene scene = ExchangeScene.counted(table);
  private final HttpRouter<Sent, Response> router = scene.router(scene.app);
  private final Sent request = Sent.of("SID=x");

  @Test
  void aSessionThatIsKnownHere_isRoutedAtOnce() {
    table.bind(scene.app.key(request), null, "b", true);

    StickyExchange<Sent, Response> exchange =
        router.beginAsync(request).toCompletableFuture().getNow(null);

    assertThat(exchange.route()).hasToString("KEPT b");
    assertThat(scene.connections()).isEqualTo(1);
    exchange.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aSessionThatOthersMayKnow_waitsForThem() {
    CompletableFuture<StickyExchange<Sent, Response>> begun = begin();
    table.share(scene.app.key(request), "c");
    assertThat(begun).isNotDone();
    assertThat(scene.connections()).isZero();

    table.answer();

    assertThat(begun.join().route()).hasToString("KEPT c");
    assertThat(begun.join().backend().id()).isEqualTo("c");
    assertThat(scene.connections()).isEqualTo(1);
    begun.join().close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void theRequestMayChange_whileItWaits() {
    CompletableFuture<StickyExchange<Sent, Response>> begun = begin();
    table.share(scene.app.key(request), "c");
    request.remove("Cookie");

    table.answer();

    assertThat(begun.join().route()).hasToString("KEPT c");
    begun.join().close();
  }

  @Test
  void othersThatDoNotAnswer_areNotWaitedFor() {
    CompletableFuture<StickyExchange<Sent, Response>> begun = begin();

    table.fail();

    assertThat(begun.join().route().outcome()).isEqualTo(Outcome.HASHED);
    assertThat(begun.join().route().reason()).isEqualTo(Reason.STORE_UNAVAILABLE);
    begun.join().close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aCallerThatGivesUpTheBeginning_holdsNothing() {
    gaveUp(begun -> begun.cancel(false));
    gaveUp(begun -> begun.completeExceptionally(new TimeoutException()));
    gaveUp(begun -> begun.complete(null));
  }

  private void gaveUp(Consumer<CompletableFuture<StickyExchange<Sent, Response>>> givingUp) {
    CompletableFuture<StickyExchange<Sent, Response>> begun = begin();
    givingUp.accept(begun);
    table.answer();

    assertThat(begun).isDone();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void theNextBackend_isWaitedFor() {
    StickyExchange<Sent, Response> exchange = kept();
    CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();
    assertThat(next).isNotDone();
    assertThat(scene.connections()).isZero();

    table.answer();

    assertThat(next).isCompletedWithValue(true);
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
    assertThat(scene.connections()).isEqualTo(1);
    exchange.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void closedWhileItWaits_theNextConnectionIsGivenBack() {
    StickyExchange<Sent, Response> exchange = kept();
    CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();

    exchange.close();
    table.answer();

    assertThat(next).isCompletedWithValue(false);
    assertThat(exchange.backend()).isNull();
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aStageThatIsCancelled_leavesTheNextConnectionToTheExchange() {
    StickyExchange<Sent, Response> exchange = kept();

    exchange.connectFailedAsync().toCompletableFuture().cancel(false);
    table.answer();

    assertThat(exchange.route().outcome()).isEqualTo(Outcome.MOVED);
    assertThat(scene.connections()).isEqualTo(1);
    exchange.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void cancelledAndClosedWhileItWaits_holdsNothing() {
    StickyExchange<Sent, Response> exchange = kept();

    exchange.connectFailedAsync().toCompletableFuture().cancel(false);
    exchange.close();
    table.answer();

    assertThat(scene.connections()).isZero();
  }

  private CompletableFuture<StickyExchange<Sent, Response>> begin() {
    return router.beginAsync(request).toCompletableFuture();
  }

  private StickyExchange<Sent, Response> kept() {
    table.bind(scene.app.key(request), null, "b", true);
    return router.begin(request);
  }
}
