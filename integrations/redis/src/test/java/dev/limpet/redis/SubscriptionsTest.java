package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a subscription while its connection is being made again. */
class SubscriptionsTest {
  private static final byte[] CHANNEL = StoreScene.bytes("limpet:web");
  private static final Subscriptions.Subscriber NOBODY = new Subscriptions.Subscriber() {
    @Override
    public void message(byte[] message) {}

    @Override
    public void resumed() {}
  };

  private final Timers timers = new Timers();
  private final Subscriptions subscriptions = new Subscriptions(timers);

  /** Runs what it is given when the test says so. */
  private static final class Timers extends ScheduledThreadPoolExecutor {
    private final Queue<Runnable> set = new ArrayDeque<>();

    Timers() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      set.add(command);
      return null;
    }
  }

  @AfterEach
  void stop() {
    timers.shutdownNow();
  }

  @Test
  void whileTheConnectionIsNotOpen_itIsTriedAgainAndAgain() {
    subscriptions.opened(notOpen());
    subscriptions.add(CHANNEL, NOBODY);

    for (int attempt = 0; attempt < 10; attempt++) {
      assertThat(timers.set).hasSize(1);
      timers.set.remove().run();
    }
  }

  @Test
  void afterClose_itIsTriedNoMore() {
    subscriptions.opened(notOpen());
    subscriptions.add(CHANNEL, NOBODY);

    subscriptions.close();

    timers.set.remove().run();
    subscriptions.opened(notOpen());
    assertThat(timers.set).isEmpty();
  }

  @Test
  void afterAnotherConnectionTookItsPlace_itIsTriedThereOnly() {
    subscriptions.opened(notOpen());
    subscriptions.add(CHANNEL, NOBODY);
    subscriptions.opened(notOpen());
    assertThat(timers.set).hasSize(2);

    timers.set.remove().run();

    assertThat(timers.set).hasSize(1);
  }

  @SuppressWarnings("unchecked")
  private static StatefulRedisPubSubConnection<byte[], byte[]> notOpen() {
    return (StatefulRedisPubSubConnection<byte[], byte[]>) Proxy.newProxyInstance(
        SubscriptionsTest.class.getClassLoader(),
        new Class<?>[] {StatefulRedisPubSubConnection.class},
        (proxy, method, args) -> method.getName().equals("isOpen") ? false : null);
  }
}
