package dev.limpet.examples.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChoresTest {
  private static final Duration OFTEN = Duration.ofMillis(1);

  private final Vertx vertx = Vertx.vertx();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Chores chores = new Chores(vertx, complaints::add);

  @AfterEach
  void stop() {
    vertx.close().await();
  }

  @Test
  void workThatTakesLongIsNotBegunASecondTimeAndHoldsUpNoOther() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    AtomicInteger slow = new AtomicInteger();
    CountDownLatch slowAgain = new CountDownLatch(2);
    CountDownLatch quick = new CountDownLatch(50);

    vertx.runOnContext(loop -> {
      chores.every(OFTEN, () -> {
        slow.incrementAndGet();
        slowAgain.countDown();
        await(end);
      });
      chores.every(OFTEN, quick::countDown);
    });

    await(quick);
    assertThat(slow).hasValue(1);
    end.countDown();
    await(slowAgain);
  }

  @Test
  void workThatThrowsIsReportedAndDoneAgain() {
    CountDownLatch thrown = new CountDownLatch(3);

    chores.every(OFTEN, () -> {
      thrown.countDown();
      throw new IllegalStateException("disk: full");
    });

    await(thrown);
    assertThat(complaints)
        .isNotEmpty()
        .containsOnly("unexpected: java.lang.IllegalStateException: disk: full");
  }

  @Test
  void cancelledWorkIsDoneNoMore() {
    AtomicInteger done = new AtomicInteger();
    CountDownLatch later = new CountDownLatch(50);
    CountDownLatch first = new CountDownLatch(1);
    Chores.Chore chore = chores.every(OFTEN, () -> {
      done.incrementAndGet();
      first.countDown();
    });
    await(first);

    chore.cancel();
    int before = done.get();
    chores.every(OFTEN, later::countDown);
    await(later);

    assertThat(done.get()).isBetween(before, before + 1); // one may be under way
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
