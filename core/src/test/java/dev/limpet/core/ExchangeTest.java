package dev.limpet.core;

import static dev.limpet.core.Routing.connections;
import static dev.limpet.core.Routing.counting;
import static dev.limpet.core.Routing.id;
import static dev.limpet.core.Routing.limited;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.affinity.KeyAffinity;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A proxy on an event loop, over a table that takes time to answer. One method takes the first
 * route of a request and every other. A third of the connects fail, and clients leave at any
 * moment.
 */
class ExchangeTest {
  private static final int EXCHANGES = 10_000;
  private static final int AT_ONCE = 50;
  private static final int LIMIT = 10;
  private static final int MOST_HOPS = 6;
  private static final List<String> NAMES = List.of("a", "b", "c");

  private final Pool pool = counting(limited("a", LIMIT), limited("b", LIMIT), limited("c", LIMIT));
  private final StickyTable table = new SlowTable(Routing.table(2L * EXCHANGES));
  private final StickyRouter<Client> router = StickyRouter.of(
      pool,
      KeyAffinity.builder(KeyExtractor.<Client>string(client -> client.session))
          .table((session, environment) -> table)
          .build());

  private final ExecutorService oneThread = Executors.newSingleThreadExecutor();
  private final ExecutorService otherThreads = Executors.newFixedThreadPool(2);
  private final Executor loop = task -> start(oneThread, task);
  private final AtomicInteger tasks = new AtomicInteger(1);
  private final Semaphore quiet = new Semaphore(0);

  /** Only used on the loop. */
  private final Counts counts = new Counts();

  @AfterEach
  void stop() {
    oneThread.shutdownNow();
    otherThreads.shutdownNow();
  }

  @Test
  @Timeout(120)
  void whateverConnectsAndWhoeverLeaves_noConnectionIsLost() throws InterruptedException {
    for (int round = 0; round < EXCHANGES / AT_ONCE; round++) {
      for (int i = 0; i < AT_ONCE; i++) {
        Client client = new Client();
        loop.execute(new Exchange(client)::run);
        if (ThreadLocalRandom.current().nextBoolean()) {
          later(() -> loop.execute(client::close));
        }
      }
      awaitQuiet();
      assertThat(NAMES).allMatch(name -> connections(pool, name) == 0);
      assertThat(pool.heldRoutes().size()).isZero();
    }

    assertThat(counts.joined).as("joined").isPositive();
    assertThat(counts.rerouted).as("rerouted").isPositive();
    assertThat(counts.leftWhileRouted).as("left while they were routed").isPositive();
    assertThat(counts.leftWhileConnecting).as("left while connecting").isPositive();
    assertThat(counts.mostAtOnce).as("connections of a backend").isBetween(1, LIMIT);
    assertThat(counts.failures).isEmpty();
    assertThat(router.stats().requests()).isEqualTo(EXCHANGES);
    assertThat(router.stats().abandonedRoutes()).isZero();
  }

  /** One request, as an embedder of an event loop writes it. */
  private final class Exchange {
    private final Client client;
    private @Nullable Route held;
    private boolean gone;

    Exchange(Client client) {
      this.client = client;
    }

    void run() {
      client.onClose(this::end);
      router.routeAsync(client).whenCompleteAsync(this::routed, loop);
    }

    private void routed(Route route, Throwable thrown) {
      if (thrown != null) {
        counts.failures.add(thrown);
        client.close();
        return;
      }
      held = route;
      if (gone) {
        counts.leftWhileRouted++;
        route.close();
      } else if (route.backend() == null) {
        client.close();
      } else {
        connectAsync().whenCompleteAsync((server, down) -> connected(route, server), loop);
      }
    }

    private void connected(Route route, @Nullable Server server) {
      if (server != null) {
        join(route, server);
      } else if (!gone) {
        counts.rerouted++;
        router.rerouteAsync(client, route).whenCompleteAsync(this::routed, loop);
      }
    }

    private void join(Route route, Server server) {
      if (gone) {
        counts.leftWhileConnecting++;
        server.close();
        return;
      }
      counts.joined(route);
      server.onClose(() -> {
        counts.left(route);
        route.close();
      });
      held = null;
    }

    private void end() {
      gone = true;
      if (held != null) {
        held.close();
      }
    }
  }

  /** What happened how often. */
  private static final class Counts {
    private final List<Throwable> failures = new ArrayList<>();
    private final int[] atOnce = new int[NAMES.size()];
    private int mostAtOnce;
    private int joined;
    private int rerouted;
    private int leftWhileRouted;
    private int leftWhileConnecting;

    void joined(Route route) {
      joined++;
      mostAtOnce = Math.max(mostAtOnce, ++atOnce[NAMES.indexOf(id(route))]);
    }

    void left(Route route) {
      atOnce[NAMES.indexOf(id(route))]--;
    }
  }

  /** Something with an end, on the loop. */
  private static class Connection {
    private final List<Runnable> listeners = new ArrayList<>();
    private boolean closed;

    void onClose(Runnable listener) {
      if (closed) {
        listener.run();
      } else {
        listeners.add(listener);
      }
    }

    void close() {
      if (!closed) {
        closed = true;
        listeners.forEach(Runnable::run);
      }
    }
  }

  private static final class Client extends Connection {
    private final String session = "session-" + ThreadLocalRandom.current().nextInt(EXCHANGES / 2);
  }

  /** A backend's connection, which ends some time after it began. */
  private final class Server extends Connection {
    Server() {
      later(() -> loop.execute(this::close));
    }
  }

  private CompletionStage<Server> connectAsync() {
    CompletableFuture<Server> connecting = new CompletableFuture<>();
    later(() -> {
      if (ThreadLocalRandom.current().nextInt(3) == 0) {
        connecting.completeExceptionally(new IllegalStateException("down"));
      } else {
        connecting.complete(new Server());
      }
    });
    return connecting;
  }

  /** Binds on another thread. */
  private final class SlowTable extends ForwardingTable {
    SlowTable(StickyTable table) {
      super(table);
    }

    @Override
    public CompletionStage<Bound> bindAsync(
        long key, @Nullable String expected, String candidate, boolean byHash) {
      CompletableFuture<Bound> bound = new CompletableFuture<>();
      later(() -> bound.complete(bind(key, expected, candidate, byHash)));
      return bound;
    }
  }

  /** Does something on another thread, after some other tasks. */
  private void later(Runnable task) {
    later(ThreadLocalRandom.current().nextInt(MOST_HOPS), task);
  }

  private void later(int hops, Runnable task) {
    start(otherThreads, hops == 0 ? task : () -> later(hops - 1, task));
  }

  private void start(Executor executor, Runnable task) {
    tasks.incrementAndGet();
    executor.execute(() -> {
      try {
        task.run();
      } finally {
        end();
      }
    });
  }

  private void end() {
    if (tasks.decrementAndGet() == 0) {
      quiet.release();
    }
  }

  /** Waits until no task is left; a task is only started by another one, or by this thread. */
  private void awaitQuiet() throws InterruptedException {
    end();
    quiet.acquire();
    tasks.set(1);
  }
}
