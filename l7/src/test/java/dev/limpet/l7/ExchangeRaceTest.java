package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that are closed or given up while another thread takes them further. */
@Tag("slow")
class ExchangeRaceTest {
  private static final int ROUNDS = 20_000;
  private static final int MOST_SPINS = 60;
  private static final long MOST_NANOS = Duration.ofSeconds(3).toNanos();

  private final LateTable table = new LateTable(CaffeineStickyTable.of(ExchangeScene.SID, 100));
  private final ExchangeScene scene = ExchangeScene.counted(table);
  private final HttpRouter<Sent, Response> router = scene.router(scene.app);
  private final Sent request = Sent.of("SID=x");
  private final AtomicReference<Runnable> given = new AtomicReference<>();
  private final AtomicInteger arrived = new AtomicInteger();
  private final Thread other = new Thread(this::runAll);
  private final long begun = System.nanoTime();
  private volatile boolean isOver;

  @BeforeEach
  void start() {
    other.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    isOver = true;
    other.interrupt();
    other.join();
  }

  @Test
  @Timeout(120)
  void closedWhileItGoesOn_anExchangeHoldsNothing() throws Exception {
    for (int round = 0; goesOn(round); round++) {
      StickyExchange<Sent, Response> exchange = router.begin(request);
      Future<?> closing = meanwhile(round, exchange::close);
      while (exchange.connectFailed()) {
        assertThat(exchange.route().failed()).isNotNull();
      }
      closing.get();
      assertClosed(exchange);
    }
  }

  @Test
  @Timeout(120)
  void closedWhileTheTableAnswers_anExchangeHoldsNothing() throws Exception {
    for (int round = 0; goesOn(round); round++) {
      table.bind(scene.app.key(request), null, "a", true);
      StickyExchange<Sent, Response> exchange = router.begin(request);
      CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();
      Future<?> closing = meanwhile(round, exchange::close);
      table.answer();
      closing.get();
      assertThat(next).isDone();
      assertClosed(exchange);
    }
  }

  @Test
  @Timeout(120)
  void cancelledAndClosedWhileTheTableAnswers_anExchangeHoldsNothing() throws Exception {
    for (int round = 0; goesOn(round); round++) {
      table.bind(scene.app.key(request), null, "a", true);
      StickyExchange<Sent, Response> exchange = router.begin(request);
      CompletableFuture<Boolean> next = exchange.connectFailedAsync().toCompletableFuture();
      Future<?> closing = meanwhile(round, () -> {
        next.cancel(false);
        exchange.close();
      });
      table.answer();
      closing.get();
      assertClosed(exchange);
    }
  }

  @Test
  @Timeout(120)
  void aBeginningThatIsCancelledWhileTheTableAnswers_holdsNothing() throws Exception {
    for (int round = 0; goesOn(round); round++) {
      CompletableFuture<StickyExchange<Sent, Response>> waiting =
          router.beginAsync(request).toCompletableFuture();
      Future<?> cancelling = meanwhile(round, () -> waiting.cancel(false));
      table.answer();
      cancelling.get();
      if (!waiting.isCancelled()) {
        assertThat(scene.connections()).isEqualTo(1);
        waiting.join().close();
      }
      assertThat(scene.connections()).isZero();
    }
  }

  @Test
  @Timeout(120)
  void closedByTwoThreads_anExchangeGivesBackOneConnection() throws Exception {
    try (StickyExchange<Sent, Response> open = router.begin(Sent.of())) {
      for (int round = 0; goesOn(round); round++) {
        StickyExchange<Sent, Response> exchange = router.begin(request);
        Future<?> closing = meanwhile(round, exchange::close);
        exchange.close();
        closing.get();
        assertThat(scene.connections()).isEqualTo(1);
      }
      assertThat(open.backend()).isNotNull();
    }

    assertThat(scene.connections()).isZero();
  }

  /** On a busy machine there are fewer rounds, as the threads wait for each other. */
  private boolean goesOn(int round) {
    return round < ROUNDS && System.nanoTime() - begun < MOST_NANOS;
  }

  /**
   * Lets the other thread run a body at about the time when this returns. Both wait for each other
   * without sleeping, as they would miss a window of nanoseconds otherwise.
   */
  private Future<?> meanwhile(int round, Runnable body) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    SplittableRandom random = new SplittableRandom(round);
    int theirs = random.nextInt(MOST_SPINS);
    int ours = random.nextInt(MOST_SPINS);
    given.set(() -> {
      arrive(2 * round + 2);
      spin(theirs);
      try {
        body.run();
        done.complete(null);
      } catch (RuntimeException | Error e) {
        done.completeExceptionally(e);
      }
    });
    arrive(2 * round + 2);
    spin(ours);
    return done;
  }

  /** The other thread: waits for bodies to run. */
  private void runAll() {
    while (!isOver) {
      Runnable body = given.getAndSet(null);
      if (body == null) {
        Thread.onSpinWait();
      } else {
        body.run();
      }
    }
  }

  private void arrive(int all) {
    arrived.incrementAndGet();
    while (arrived.get() < all) {
      if (Thread.interrupted()) {
        throw new IllegalStateException("interrupted");
      }
      Thread.onSpinWait();
    }
  }

  private static void spin(int spins) {
    for (int left = spins; left > 0; left--) {
      Thread.onSpinWait();
    }
  }

  private void assertClosed(StickyExchange<Sent, Response> exchange) {
    assertThat(exchange.backend()).isNull();
    assertThat(scene.connections()).isZero();
  }
}
