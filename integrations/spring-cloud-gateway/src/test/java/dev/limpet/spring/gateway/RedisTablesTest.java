package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.testkit.RawBackend;
import dev.limpet.testkit.RawClient;
import dev.limpet.testkit.RawConnection;
import dev.limpet.testkit.RawMessage;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import reactor.core.publisher.Mono;

/** Requests wait for a store, and the store for the test. */
@Tag("slow")
class RedisTablesTest extends GatewayScene {
  private static final String SECRET = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

  /** A table whose store answers when the test says so. */
  private static final class SlowTable implements StickyTable {
    private final StickyTable table;
    private final Queue<Runnable> calls;
    private final AtomicInteger renewals;

    SlowTable(StickyTable table, Queue<Runnable> calls, AtomicInteger renewals) {
      this.table = table;
      this.calls = calls;
      this.renewals = renewals;
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public @Nullable String lookup(long key) {
      return table.lookup(key);
    }

    @Override
    public @Nullable String peek(long key) {
      return table.peek(key);
    }

    @Override
    public boolean wantsHash(long key) {
      return table.wantsHash(key);
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return table.bind(key, expected, candidate, byHash);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      CompletableFuture<Bound> answer = new CompletableFuture<>();
      calls.add(() -> answer.complete(table.bind(key, expected, candidate, byHash)));
      return answer;
    }

    @Override
    public CompletionStage<Bound> findAsync(long key) {
      CompletableFuture<Bound> answer = new CompletableFuture<>();
      String name = table.peek(key);
      calls.add(() -> answer.complete((name == null) ? Bound.ABSENT : Bound.held(name)));
      return answer;
    }

    @Override
    public boolean unbind(long key, String expected) {
      return table.unbind(key, expected);
    }

    @Override
    public Bound renew(long key, String name, @Nullable Duration age) {
      renewals.incrementAndGet();
      return table.renew(key, name, age);
    }
  }

  /** What the test sees of the application. */
  static final class Seen implements SharedTables {
    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger renewals = new AtomicInteger();
    private final AtomicInteger cancels = new AtomicInteger();
    private final List<String> threads = new CopyOnWriteArrayList<>();
    private boolean isClosed;

    @Override
    public TableFactory tables(String pool, SharedTableProperties shared) {
      return (session, environment) -> new SlowTable(
          CompactStickyTable.of(session, 1_000, environment.clock()), calls, renewals);
    }

    @Override
    public void close() {
      isClosed = true;
    }

    void answer() throws Exception {
      await("calls", true, () -> !calls.isEmpty());
      Runnable call = calls.remove();
      Thread store = new Thread(call, "store");
      store.start();
      store.join();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Config {
    @Bean
    Seen limpetSharedTables() {
      return new Seen();
    }

    @Bean
    WebFilter countCancels(Seen seen) {
      return (exchange, chain) -> chain.filter(exchange).doOnCancel(seen.cancels::incrementAndGet);
    }

    @Bean
    GlobalFilter watch(Seen seen) {
      return new Watch(seen);
    }
  }

  private record Watch(Seen seen) implements GlobalFilter, Ordered {
    @Override
    public int getOrder() {
      return LimpetGatewayFilterFactory.ORDER + 100;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
      seen.threads.add(Thread.currentThread().getName());
      return chain.filter(exchange);
    }
  }

  @Test
  void requestThatWaitedForTheStore_goesOnOnItsOwnThread() throws Exception {
    Seen seen = startWith("sticky-session.type", "source-ip");
    RawConnection connection = newClient().connect();
    connection.sendGet();
    seen.answer();

    assertThat(connection.answer().status()).isEqualTo(200);

    assertThat(seen.threads).singleElement().asString().startsWith("reactor-http");
  }

  @Test
  void clientThatLeavesWhileTheStoreIsAsked_leavesNoRoute() throws Exception {
    Seen seen = startWith("sticky-session.type", "source-ip");
    RawConnection connection = newClient().connect();
    connection.sendGet();
    await("calls", 1, seen.calls::size);
    connection.reset();
    await("cancelled requests", 1, seen.cancels::get);

    seen.answer();

    awaitOpenRoutes(0);
    assertThat(seen.threads).as("requests that went on").isEmpty();
  }

  @Test
  void responseThatBeginsASession_waitsForTheStore() throws Exception {
    Seen seen = startWith("sticky-session.type", "app-cookie");
    RawConnection connection = newClient().connect();
    connection.sendGet(RawBackend.setCookie("JSESSIONID=1A; Path=/"));
    await("calls", 1, seen.calls::size);
    assertThat(backend("b1").requests().size() + backend("b2").requests().size())
        .isOne();
    awaitOpenRoutes(1);

    seen.answer();

    RawMessage answer = connection.answer();
    assertThat(answer.fields("Set-Cookie")).containsExactly("JSESSIONID=1A; Path=/");
  }

  @Test
  void openSessions_areRenewedUntilTheContextIsClosed() throws Exception {
    Seen seen = startWith("sticky-session.type", "source-ip");
    StickyPools<?, ?> pools = gateway().context().getBean(StickyPools.class);
    RawClient client = newClient();
    RawConnection connection = client.connect();
    connection.sendGet(RawBackend.SILENT);
    seen.answer();
    awaitWaiting(1);

    await("renewed", true, () -> seen.renewals.get() > 1);

    assertThat(pools.isRenewing()).isTrue();
    gateway().close();
    assertThat(pools.isRenewing()).isFalse();
    assertThat(seen.isClosed).isTrue();
  }

  private Seen startWith(String key, String value) {
    TestGateway.Settings settings = TestGateway.listed(backends())
        .source(Config.class)
        .with("limpet.key-secret", SECRET)
        .pool("shared-table.redis", "redis://unused")
        .pool("sticky-session.duration", "200ms")
        .pool(key, value);
    if (value.equals("app-cookie")) {
      settings.pool("sticky-session.cookie-name", "JSESSIONID");
    }
    return start(settings).context().getBean(Seen.class);
  }
}
