package dev.limpet.vertx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Affinity;
import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.core.FaultException;
import dev.limpet.core.PassiveHealth;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HealthChecksTest {
  private final Vertx vertx = Vertx.vertx();
  private final BackendConnector connector = BackendConnector.of(vertx);
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private final AtomicInteger status = new AtomicInteger(200);
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws Exception {
    TestServers.await(vertx.close());
  }

  private Backend page(String id) throws Exception {
    return TestServers.backend(vertx, id, request -> {
      asked.add(request.uri() + ' ' + request.getHeader("user-agent"));
      request.response().setStatusCode(status.get()).end();
    });
  }

  private static Pool pool(Backend... backends) {
    return Pool.builder("web").backends(List.of(backends)).countConnections().build();
  }

  private HealthChecks.Builder checks(Pool pool) {
    return HealthChecks.builder(connector, pool).interval(Duration.ofMillis(10)).log(lines::add);
  }

  private String line() throws InterruptedException {
    return lines.poll(10, TimeUnit.SECONDS);
  }

  @Test
  void page_decidesWhetherABackendIsUp() throws Exception {
    Pool pool = pool(page("b1"));
    checks(pool).http("/health?full").userAgent("me").rise(1).fall(2).start();

    status.set(500);
    assertThat(line()).isEqualTo("backend web/b1 is down: status 500 (expected: 200-399)");
    assertThat(pool.snapshot().member("b1").down()).isTrue();
    status.set(204);
    assertThat(line()).isEqualTo("backend web/b1 is up");
    assertThat(pool.snapshot().member("b1").down()).isFalse();
    assertThat(asked).containsOnly("/health?full me");
  }

  @Test
  void statuses_areThoseThatAreSet() throws Exception {
    Pool pool = pool(page("b1"));
    checks(pool).http("/").statuses("204 only", code -> code == 204).start();

    assertThat(line()).isEqualTo("backend web/b1 is down: status 200 (expected: 204 only)");
  }

  @Test
  void connect_decidesWithoutAPage_alsoForBackendsThatJoin() throws Exception {
    Pool pool = pool(page("b1"));
    checks(pool).fall(1).start();

    pool.change(edit -> {
      try {
        edit.add(TestServers.refusing("b2"));
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    });

    assertThat(line()).isEqualTo("backend web/b2 is down");
    assertThat(pool.snapshot().member("b1").down()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void lookupThatIsRejected_isAFailedCheck() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    BackendConnector once = BackendConnector.builder(vertx)
        .lookups(lookup -> {
          if (calls.getAndIncrement() == 0) {
            throw new RejectedExecutionException("full");
          }
          vertx.executeBlocking(() -> {
            lookup.run();
            return null;
          });
        })
        .build();
    Pool pool = pool(Backend.of("b1", "localhost", page("b1").port()));
    HealthChecks.builder(once, pool)
        .interval(Duration.ofMillis(10))
        .fall(1)
        .rise(1)
        .log(lines::add)
        .start();

    assertThat(line()).isEqualTo("backend web/b1 is down");
    assertThat(line()).isEqualTo("backend web/b1 is up");
  }

  @Test
  void pageThatIsFine_endsAnEjection() throws Exception {
    Pool pool = Pool.builder("web")
        .backends(List.of(page("b1"), page("b2")))
        .passiveHealth(PassiveHealth.builder()
            .failures(1)
            .time(Duration.ofHours(1), Duration.ofHours(1))
            .build())
        .build();
    StickyRouter<String> router = StickyRouter.of(pool, Affinity.none());
    Route route = router.route("any");
    router.failed(route, FailureKind.RESET_BEFORE_RESPONSE);
    String id = route.backend().id();
    assertThat(pool.snapshot().member(id).ejection()).isNotNull();

    checks(pool).http("/").start();

    TestServers.until(() -> pool.snapshot().member(id).ejection() == null);
  }

  @Test
  void closedChecks_askNobody() throws Exception {
    Pool pool = pool(page("b1"));
    HealthChecks checks = checks(pool).http("/").fall(1).start();
    TestServers.until(() -> !asked.isEmpty());

    checks.close();
    status.set(500);

    int before = asked.size();
    Pool other = pool(page("b2"));
    checks(other).http("/other").fall(3).start();
    assertThat(line()).startsWith("backend web/b2 is down");
    assertThat(asked.stream().filter(one -> one.startsWith("/ ")))
        .hasSizeLessThanOrEqualTo(before + 1);
    assertThat(pool.snapshot().member("b1").down()).isFalse();
  }

  @Test
  void settingsOutOfRange_areRefused() {
    HealthChecks.Builder checks = HealthChecks.builder(connector, pool());

    assertThatThrownBy(() -> checks.http("health"))
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("(expected: a path such as /health)");
    assertThatThrownBy(() -> checks.http("/a b")).isInstanceOf(FaultException.class);
    assertThatThrownBy(() -> checks.interval(Duration.ZERO))
        .hasMessage("interval: PT0S (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> checks.timeout(Duration.ofDays(30)))
        .hasMessage("timeout: PT720H (expected: PT0.001S..PT576H)");
    assertThatThrownBy(() -> checks.rise(0)).hasMessage("rise: 0 (expected: 1..1000)");
    assertThatThrownBy(() -> checks.fall(1001)).hasMessage("fall: 1001 (expected: 1..1000)");
  }
}
