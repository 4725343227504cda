package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Outcome;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CaffeineStickyTable;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Exchanges whose backends cannot be connected to, and parts that fail meanwhile. */
class ConnectFailedTest {
  private final ExchangeScene scene = ExchangeScene.counted();
  private final Table table = new Table();
  private final HttpRouter<Sent, Response> router = scene.router(HttpAffinity.of(
      KeyAffinity.builder(KeyExtractor.<Sent>string(this::user))
          .session(StickySession.custom())
          .table((session, environment) -> table)
          .build(),
      scene.access));
  private final Sent request = Sent.of().with("User", "alice");
  private @Nullable RuntimeException extractorFault;

  private String user(Sent sent) {
    if (extractorFault != null) {
      throw extractorFault;
    }
    return sent.field("User");
  }

  @Test
  void eachBackendIsTriedOnce() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    Set<String> tried = new HashSet<>();
    tried.add(exchange.backend().id());
    while (exchange.connectFailed()) {
      assertThat(scene.connections()).isEqualTo(1);
      assertThat(tried.add(exchange.backend().id())).isTrue();
    }

    assertThat(tried).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(exchange.backend()).isNull();
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.NO_BACKEND);
    assertThat(exchange.connectFailed()).isFalse();
    assertThat(router.stats().reroutes()).isEqualTo(3);
    assertThat(scene.connections()).isZero();
  }

  @Test
  void eachBackendIsTriedOnce_alsoAsynchronously() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    int tried = 1;
    while (exchange.connectFailedAsync().toCompletableFuture().join()) {
      tried++;
      assertThat(scene.connections()).isEqualTo(1);
    }

    assertThat(tried).isEqualTo(3);
    assertThat(exchange.backend()).isNull();
    assertThat(router.stats().reroutes()).isEqualTo(3);
    assertThat(scene.connections()).isZero();
  }

  @Test
  void afterClose_thereIsNothingToTry() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    exchange.close();

    assertThat(exchange.connectFailed()).isFalse();
    assertThat(exchange.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertThat(router.stats().reroutes()).isZero();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void closedMeanwhile_givesTheNextConnectionBack() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    table.onBind = key -> exchange.close();

    assertThat(exchange.connectFailed()).isFalse();

    assertClosed(exchange);
    assertThat(exchange.route().failed()).isNotNull();
    assertThat(exchange.route().backend()).isNotNull();
  }

  @Test
  void closedMeanwhile_givesTheNextConnectionBack_alsoAsynchronously() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    table.onBind = key -> exchange.close();

    assertThat(exchange.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertClosed(exchange);
    assertThat(exchange.route().failed()).isNotNull();
  }

  @Test
  void anExtractorThatThrows_endsTheExchange() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    StickyExchange<Sent, Response> other = router.begin(request);
    extractorFault = new IllegalStateException("broken");

    assertThat(exchange.connectFailed()).isFalse();
    assertThat(other.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertClosed(exchange);
    assertClosed(other);
    assertThat(exchange.route().outcome()).isEqualTo(Outcome.NEW);
  }

  @Test
  void aCheckedExceptionThatWasNotDeclared_endsTheExchange() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    StickyExchange<Sent, Response> other = router.begin(request);
    table.onBind = key -> sneak(new Exception("broken"));

    assertThat(exchange.connectFailed()).isFalse();
    assertThat(other.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertClosed(exchange);
    assertClosed(other);
  }

  @Test
  void aTableThatThrows_endsTheExchange() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    StickyExchange<Sent, Response> other = router.begin(request);
    table.onBind = key -> fail();

    assertThat(exchange.connectFailed()).isFalse();
    assertThat(other.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertClosed(exchange);
    assertClosed(other);
  }

  @Test
  void aTableWhoseAnswerFails_endsTheExchange() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    table.answer = new CompletableFuture<>();
    CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();
    assertThat(next).isNotDone();

    table.answer.completeExceptionally(new IllegalStateException("broken"));

    assertThat(next).isCompletedWithValue(false);
    assertClosed(exchange);
  }

  @Test
  void aTableThatThrowsWhenARouteIsClosed_endsTheExchange() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    StickyExchange<Sent, Response> other = router.begin(request);
    table.failsToUse = true;

    assertThat(exchange.connectFailed()).isFalse();
    assertThat(other.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(false);

    assertClosed(exchange);
    assertClosed(other);
  }

  @Test
  void aTableThatThrowsWhenALateRouteIsClosed_doesNotFailTheStage() {
    StickyExchange<Sent, Response> exchange = router.begin(request);
    table.answer = new CompletableFuture<>();
    CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();
    exchange.close();
    table.failsToUse = true;

    table.answer.complete(Bound.stored(table.candidate));

    assertThat(next).isCompletedWithValue(false);
    assertClosed(exchange);
  }

  @Test
  void aListenerThatThrows_isNoObstacle() {
    HttpRouter<Sent, Response> heard = HttpRouter.builder(
            scene.pool,
            HttpAffinity.<Sent, Response>of(
                KeyAffinity.builder(KeyExtractor.<Sent>string(this::user)).build(), scene.access))
        .listener((sent, route) -> fail())
        .build();
    StickyExchange<Sent, Response> exchange = heard.begin(request);

    assertThat(exchange.connectFailed()).isTrue();
    assertThat(exchange.connectFailedAsync().toCompletableFuture()).isCompletedWithValue(true);

    assertThat(heard.stats().listenerFailures()).isEqualTo(3);
    exchange.close();
    assertThat(scene.connections()).isZero();
  }

  @Test
  void aListener_hearsOfTheRequest() {
    Set<Sent> heard = new HashSet<>();
    HttpRouter<Sent, Response> telling = HttpRouter.builder(scene.pool, scene.lb)
        .listener((sent, route) -> heard.add(sent))
        .build();

    telling.begin(request).close();

    assertThat(heard).containsExactly(request);
  }

  @Test
  void anAccessThatThrows_holdsNothing() {
    Sent.Access broken = new Sent.Access() {
      @Override
      public List<String> requestFields(Sent sent, String name) {
        throw new IllegalStateException("broken");
      }
    };
    HttpRouter<Sent, Response> reading =
        HttpRouter.of(scene.pool, LbCookieAffinity.builder(scene.pool, broken).build());

    assertThatIllegalStateException().isThrownBy(() -> reading.begin(request));
    assertThat(reading.beginAsync(request).toCompletableFuture()).isCompletedExceptionally();
    assertThatIllegalStateException().isThrownBy(() -> reading.beginUnbound(request));
    assertThat(scene.connections()).isZero();
  }

  @Test
  void anExtractorThatThrowsAtFirst_holdsNothing() {
    extractorFault = new IllegalStateException("broken");

    assertThatIllegalStateException().isThrownBy(() -> router.begin(request));
    assertThat(router.beginAsync(request).toCompletableFuture()).isCompletedExceptionally();
    assertThat(scene.connections()).isZero();
  }

  private void assertClosed(StickyExchange<Sent, Response> exchange) {
    assertThat(exchange.backend()).isNull();
    assertThat(exchange.connectFailed()).isFalse();
    assertThat(scene.connections()).isZero();
  }

  private static void fail() {
    throw new IllegalStateException("broken");
  }

  @SuppressWarnings("unchecked")
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /** A table of an embedder's own that can fail. */
  private static final class Table implements StickyTable {
    private final StickyTable here = CaffeineStickyTable.of(StickySession.custom(), 100);
    private Consumer<Long> onBind = key -> {};
    private boolean failsToUse;
    private @Nullable CompletableFuture<Bound> answer;
    private String candidate = "";

    @Override
    public @Nullable String lookup(long key) {
      if (failsToUse) {
        fail();
      }
      return here.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      return here.peek(key);
    }

    @Override
    public boolean wantsHash(long key) {
      return here.wantsHash(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      onBind.accept(key);
      return here.bind(key, expected, candidate, byHash);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String name, boolean byHash) {
      candidate = name;
      return (answer != null)
          ? answer
          : CompletableFuture.completedStage(bind(key, expected, name, byHash));
    }

    @Override
    public boolean unbind(long key, String expected) {
      return here.unbind(key, expected);
    }
  }
}
