package dev.limpet.vertx.internal.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Backend;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which address a backend is reached at; connects are those that a test says answer. */
@Timeout(30)
class BackendAddressesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Backend APP = Backend.of("b1", "app.test", 80);

  private final Vertx vertx = Vertx.vertx();
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final List<String> tried = new CopyOnWriteArrayList<>();
  private final Set<String> down = ConcurrentHashMap.newKeySet();
  private final AtomicInteger lookups = new AtomicInteger();
  private final ExecutorService lookupThreads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() throws Exception {
    lookupThreads.shutdown();
    await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.1.2.3", "0:0:0:0:0:0:0:1", "2001:db8::1"})
  void anAddress_isNeverLookedUp(String host) throws Exception {
    BackendAddresses addresses = addresses();
    Backend backend = Backend.of("b1", host, 80);
    String expected = InetAddress.getByName(host).getHostAddress();

    assertThat(reach(addresses, backend)).isEqualTo(expected);
    down.add(expected);
    assertThatThrownBy(() -> reach(addresses, backend)).hasCauseInstanceOf(ConnectException.class);

    assertThat(tried).containsExactly(expected, expected);
    assertThat(lookups).hasValue(0);
  }

  @Test
  void lookupThatItsExecutorRejects_fails_andTheNextOneMayNot() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    BackendAddresses addresses = new BackendAddresses(
        name -> inet(name, List.of("10.0.0.1")),
        lookup -> {
          if (calls.getAndIncrement() == 0) {
            throw new RejectedExecutionException("full");
          }
          lookupThreads.execute(lookup);
        },
        LONG,
        lines::add);

    assertThatThrownBy(() -> reach(addresses, APP))
        .hasCauseInstanceOf(RejectedExecutionException.class);
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
  }

  @Test
  void nameThatWasNotUsedForLong_isForgotten() throws Exception {
    BackendAddresses addresses = addresses(name -> List.of("10.0.0.1"), LONG);
    reach(addresses, APP);
    for (int port = 1; port <= 10_000; port++) {
      reach(addresses, Backend.of("b", "pod.test", port));
    }
    int before = lookups.get();

    reach(addresses, Backend.of("b", "pod.test", 10_000));
    assertThat(lookups).hasValue(before);
    reach(addresses, APP);
    assertThat(lookups).hasValue(before + 1);
  }

  @Test
  void theAddressThatAnswered_isKeptWhileTheNameRotates() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    for (int i = 0; i < 200; i++) {
      assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
    }
    assertThat(lookups).hasValue(1);
  }

  @Test
  void theAddressInUse_isConnectedToBeforeReachReturns() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2");
    reach(addresses, APP);
    tried.clear();
    Promise<List<String>> seen = Promise.promise();
    vertx.runOnContext(start -> {
      Future<String> unused = addresses.reach(APP, this::connect);
      seen.complete(List.copyOf(tried));
    });
    assertThat(await(seen.future())).containsExactly("10.0.0.1");
  }

  @Test
  void anAddressThatDoesNotAnswer_isPassedOver() throws Exception {
    down.addAll(List.of("10.0.0.1", "10.0.0.2"));
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.3");
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.3");
    assertThat(tried).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.3");
  }

  @Test
  void whenTheAddressInUseFails_anotherIsKept_evenIfTheFirstIsBack() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    reach(addresses, APP);
    down.add("10.0.0.1");
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.2");
    assertThat(lookups).hasValue(2);
    down.clear();
    for (int i = 0; i < 10; i++) {
      assertThat(reach(addresses, APP)).isEqualTo("10.0.0.2");
    }
    assertThat(lookups).hasValue(2);
  }

  @Test
  void aNameThatHasMoved_isFoundAtItsNewAddress() throws Exception {
    List<String> now = new CopyOnWriteArrayList<>(List.of("10.0.0.1"));
    BackendAddresses addresses = addresses(name -> now, LONG);
    reach(addresses, APP);
    now.set(0, "10.0.0.9");
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
    down.add("10.0.0.1");
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.9");
  }

  @Test
  void ifNoneAnswers_eachWasTriedOnce_andTheOneInUseIsStillTheFirst() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    reach(addresses, APP);
    down.addAll(List.of("10.0.0.1", "10.0.0.2", "10.0.0.3"));
    tried.clear();
    assertThatThrownBy(() -> reach(addresses, APP)).hasCauseInstanceOf(ConnectException.class);
    assertThat(tried).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
    down.clear();
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
  }

  @Test
  void aNameWithoutAddresses_fails() {
    BackendAddresses none = addresses(name -> List.of(), LONG);
    assertThatThrownBy(() -> reach(none, APP)).hasCauseInstanceOf(ConnectException.class);
    BackendAddresses unknown = new BackendAddresses(
        name -> {
          throw new UnknownHostException(name);
        },
        lookupThreads,
        LONG,
        lines::add);
    assertThatThrownBy(() -> reach(unknown, APP)).hasStackTraceContaining("UnknownHost");
    assertThat(tried).isEmpty();
  }

  @Test
  void portsOfAName_areChosenForApart() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2");
    reach(addresses, APP);
    down.add("10.0.0.1");
    assertThat(reach(addresses, Backend.of("b2", "app.test", 81))).isEqualTo("10.0.0.2");
    down.clear();
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
  }

  @Test
  void aLookupThatHangs_makesNoOtherNameWait() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    try {
      BackendAddresses addresses = addresses(
          name -> {
            if (!name.equals("app.test")) {
              until(forever);
            }
            return List.of("10.0.0.1");
          },
          LONG);
      for (int i = 0; i < 50; i++) {
        Future<String> unused = start(addresses, Backend.of("x" + i, "hangs" + i + ".test", 80));
      }
      assertThat(reach(addresses, APP)).isEqualTo("10.0.0.1");
    } finally {
      forever.countDown();
    }
  }

  @Test
  void aLookupThatHangs_isWaitedForSoLong_andTheAddressesOfBeforeAreTried() throws Exception {
    CountDownLatch forever = new CountDownLatch(1);
    try {
      BackendAddresses addresses = addresses(
          name -> {
            if (lookups.get() > 1 || name.equals("hangs.test")) {
              until(forever);
            }
            return List.of("10.0.0.1", "10.0.0.2");
          },
          SHORT);
      reach(addresses, APP);
      down.add("10.0.0.1");
      assertThat(reach(addresses, APP)).isEqualTo("10.0.0.2");
      assertThatThrownBy(() -> reach(addresses, Backend.of("b2", "hangs.test", 80)))
          .isInstanceOf(ExecutionException.class);
    } finally {
      forever.countDown();
    }
  }

  @Test
  void ofTwoThatFindDifferentAddresses_theFirstToConnectChooses() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2");
    Map<String, Promise<String>> answers =
        Map.of("10.0.0.1", Promise.promise(), "10.0.0.2", Promise.promise());
    Function<SocketAddress, Future<String>> late = address -> {
      tried.add(address.hostAddress());
      return answers.get(address.hostAddress()).future();
    };
    Future<String> one = start(addresses, APP, late);
    awaitTried(1);
    Future<String> other = start(addresses, APP, late);
    awaitTried(2);
    assertThat(tried).containsExactly("10.0.0.1", "10.0.0.2");

    answers.get("10.0.0.2").complete("10.0.0.2");
    assertThat(await(other)).isEqualTo("10.0.0.2");
    answers.get("10.0.0.1").complete("10.0.0.1");
    assertThat(await(one)).isEqualTo("10.0.0.1");

    for (int i = 0; i < 10; i++) {
      assertThat(reach(addresses, APP)).isEqualTo("10.0.0.2");
    }
  }

  @Test
  void whoeverFailsLater_takesTheAddressThatWasChosenMeanwhile() throws Exception {
    BackendAddresses addresses = addresses("10.0.0.1", "10.0.0.2", "10.0.0.3");
    reach(addresses, APP);
    Promise<String> slow = Promise.promise();
    Future<String> late = start(
        addresses,
        APP,
        address -> address.hostAddress().equals("10.0.0.1") ? slow.future() : connect(address));
    down.addAll(List.of("10.0.0.1", "10.0.0.2"));
    assertThat(reach(addresses, APP)).isEqualTo("10.0.0.3");
    down.remove("10.0.0.2");
    slow.fail(new ConnectException());
    assertThat(await(late)).isEqualTo("10.0.0.3");
  }

  @RepeatedTest(20)
  void manyThatFailAtOnce_lookUpOneAtATime_andLaterOnesAgree() throws Exception {
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    List<String> all4 = List.of("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");
    BackendAddresses addresses = addresses(
        name -> {
          most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
          LockSupport.parkNanos(1_000); // a lookup takes its time
          underWay.decrementAndGet();
          return all4;
        },
        LONG);
    reach(addresses, APP);
    down.add("10.0.0.1");
    List<Context> loops = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      loops.add(vertx.getOrCreateContext());
    }
    List<Future<String>> all = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      all.add(start(loops.get(i % 4), addresses, APP, this::connect));
    }
    await(Future.all(all));
    Set<String> used = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      used.add(reach(addresses, APP));
    }
    assertThat(used).hasSize(1).doesNotContain("10.0.0.1");
    assertThat(most).hasValue(1);
  }

  @Test
  void severalAddresses_areSaidOnceForEachSet() throws Exception {
    List<String> now = new CopyOnWriteArrayList<>(List.of("10.0.0.1", "10.0.0.2"));
    BackendAddresses addresses = addresses(name -> rotated(now), LONG);
    for (int i = 0; i < 6; i++) {
      String used = reach(addresses, APP);
      down.clear();
      down.add(used);
    }
    assertThat(lines)
        .containsExactly(
            "address app.test:80: 2 addresses, 10.0.0.1, 10.0.0.2; uses 10.0.0.1 while it answers");
    now.add("10.0.0.3");
    reach(addresses, APP);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1)).contains("3 addresses", "10.0.0.3");
  }

  @Test
  void oneAddress_isNotWorthALine() throws Exception {
    reach(addresses("10.0.0.1"), APP);
    assertThat(lines).isEmpty();
  }

  /** A name whose addresses come in another order each time. */
  private BackendAddresses addresses(String... all) {
    return addresses(name -> rotated(List.of(all)), LONG);
  }

  private List<String> rotated(List<String> all) {
    List<String> rotated = new ArrayList<>(all);
    Collections.rotate(rotated, 1 - lookups.get());
    return rotated;
  }

  private BackendAddresses addresses(Function<String, List<String>> names, Duration patience) {
    return new BackendAddresses(
        name -> {
          lookups.incrementAndGet();
          return inet(name, names.apply(name));
        },
        lookupThreads,
        patience,
        lines::add);
  }

  private static InetAddress[] inet(String name, List<String> literals)
      throws UnknownHostException {
    InetAddress[] all = new InetAddress[literals.size()];
    for (int i = 0; i < all.length; i++) {
      byte[] bytes = InetAddress.getByName(literals.get(i)).getAddress();
      all[i] = InetAddress.getByAddress(name, bytes);
    }
    return all;
  }

  private Future<String> connect(SocketAddress address) {
    String ip = address.hostAddress();
    tried.add(ip);
    return down.contains(ip)
        ? Future.failedFuture(new ConnectException(ip))
        : Future.succeededFuture(ip);
  }

  private String reach(BackendAddresses addresses, Backend backend) throws Exception {
    return await(start(addresses, backend));
  }

  private Future<String> start(BackendAddresses addresses, Backend backend) {
    return start(addresses, backend, this::connect);
  }

  private Future<String> start(
      BackendAddresses addresses,
      Backend backend,
      Function<SocketAddress, Future<String>> connect) {
    return start(vertx.getOrCreateContext(), addresses, backend, connect);
  }

  private static Future<String> start(
      Context context,
      BackendAddresses addresses,
      Backend backend,
      Function<SocketAddress, Future<String>> connect) {
    Promise<String> reached = Promise.promise();
    context.runOnContext(start -> addresses.reach(backend, connect).onComplete(reached));
    return reached.future();
  }

  private void awaitTried(int count) throws InterruptedException {
    while (tried.size() < count) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  private static void until(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }
}
