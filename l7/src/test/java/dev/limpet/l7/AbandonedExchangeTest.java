package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exchanges that were forgotten instead of closed. */
class AbandonedExchangeTest {
  private final ExchangeScene scene = ExchangeScene.counted();
  private final HttpRouter<Sent, Response> router = scene.chain();

  @Test
  @Timeout(60)
  void anAbandonedExchange_isFoundAndCounted() throws InterruptedException {
    abandon();
    assertThat(scene.connections()).isEqualTo(1);

    collectUntilFound(1);

    assertThat(scene.connections()).isZero();
  }

  private void abandon() {
    router.begin(Sent.of()).responded(AppFixture.sets("SID=x"));
  }

  @Test
  @Timeout(60)
  void anExchangeThatIsAbandonedAfterAReroute_isCountedOnce() throws InterruptedException {
    abandonRerouted();

    collectUntilFound(1);

    assertThat(scene.connections()).isZero();
  }

  private void abandonRerouted() {
    assertThat(router.begin(Sent.of("SID=x")).connectFailed()).isTrue();
  }

  @Test
  @Timeout(60)
  void anAbandonedExchangeOfNoSession_isFoundToo() throws InterruptedException {
    abandonUnbound();

    collectUntilFound(1);

    assertThat(router.stats().count(Reason.IGNORED)).isEqualTo(1);
    assertThat(scene.connections()).isZero();
  }

  private void abandonUnbound() {
    assertThat(router.beginUnbound(Sent.of()).backend()).isNotNull();
  }

  private void collectUntilFound(int count) throws InterruptedException {
    while (router.stats().abandonedRoutes() < count) {
      System.gc();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
    }
    assertThat(router.stats().abandonedRoutes()).isEqualTo(count);
  }
}
