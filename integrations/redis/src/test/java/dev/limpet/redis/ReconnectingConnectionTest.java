package dev.limpet.redis;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.StatefulConnection;
import java.lang.reflect.Proxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconnectingConnectionTest {

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aLostConnection_isUsedOnIfOnlyAPartOfItIsLost(boolean breaks) {
    StatefulConnection<byte[], byte[]> connection = connection();
    AtomicInteger backs = new AtomicInteger();
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1);
    ReconnectingConnection<StatefulConnection<byte[], byte[]>> line = new ReconnectingConnection<>(
        () -> CompletableFuture.completedFuture(connection),
        made -> {},
        backs::incrementAndGet,
        breaks,
        executor);
    line.open();

    line.onRedisDisconnected(null);
    assertThat(line.connection()).isSameAs(breaks ? null : connection);

    line.onRedisConnected(null, null);
    assertThat(line.connection()).isSameAs(connection);
    assertThat(backs).hasValue(1);
    executor.shutdownNow();
  }

  @SuppressWarnings("unchecked")
  private static StatefulConnection<byte[], byte[]> connection() {
    return (StatefulConnection<byte[], byte[]>) Proxy.newProxyInstance(
        ReconnectingConnectionTest.class.getClassLoader(),
        new Class<?>[] {StatefulConnection.class},
        (proxy, method, args) -> null);
  }
}
