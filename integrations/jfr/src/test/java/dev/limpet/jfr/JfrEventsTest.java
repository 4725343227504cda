package dev.limpet.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Drained;
import dev.limpet.core.Failover;
import dev.limpet.core.Route;
import dev.limpet.core.RouteListener;
import dev.limpet.core.StickyRouter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.SettingDescriptor;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class JfrEventsTest {
  private static final String BIND = "dev.limpet.Bind";
  private static final String MOVE = "dev.limpet.Move";
  private static final String REJECT = "dev.limpet.Reject";
  private static final String DRAIN = "dev.limpet.Drain";
  private static final String[] ALL = {BIND, MOVE, REJECT, DRAIN};

  private final Scene scene = new Scene();

  @Test
  void aNewSession_isABind() throws IOException {
    StickyRouter<String> router = scene.router();

    AtomicReference<String> home = new AtomicReference<>();

    RecordedEvent event = only(() -> {
      home.set(id(router.route("alice")));
      router.route("alice"); // kept
      router.routeUnbound("bob");
    });

    assertThat(event.getEventType().getName()).isEqualTo(BIND);
    assertThat(event.getString("pool")).isEqualTo("web");
    assertThat(event.getString("backend")).isEqualTo(home.get());
    assertThat(event.getString("reason")).isEqualTo("UNKNOWN");
    assertThat(event.getBoolean("rerouted")).isFalse();
    assertThat(event.getStackTrace()).isNull();
  }

  @Test
  void aSessionOfABackendThatIsDown_isAMove() throws IOException {
    StickyRouter<String> router = scene.router();
    String home = id(router.route("alice"));
    scene.pool.change(edit -> edit.down(home));

    RecordedEvent event = only(() -> router.route("alice"));

    assertThat(event.getEventType().getName()).isEqualTo(MOVE);
    assertThat(event.getString("pool")).isEqualTo("web");
    assertThat(event.getString("from")).isEqualTo(home);
    assertThat(event.getString("backend")).isEqualTo(home.equals("a") ? "b" : "a");
    assertThat(event.getString("reason")).isEqualTo("BACKEND_DOWN");
    assertThat(event.getBoolean("rerouted")).isFalse();
  }

  @Test
  void aSessionWhoseConnectFailed_isAReroutedMove() throws IOException {
    StickyRouter<String> router = scene.router();
    router.route("alice");
    Route kept = router.route("alice");

    RecordedEvent event = only(() -> router.reroute("alice", kept));

    assertThat(event.getString("from")).isEqualTo(id(kept));
    assertThat(event.getString("reason")).isEqualTo("CONNECT_FAILED");
    assertThat(event.getBoolean("rerouted")).isTrue();
  }

  @Test
  void aRequestWithoutABackend_isAReject() throws IOException {
    StickyRouter<String> router = scene.router(Failover.STRICT);
    String home = id(router.route("alice"));
    scene.pool.change(edit -> edit.down(home));

    List<RecordedEvent> events = Recorded.during(
        () -> {
          router.route("alice");
          scene.pool.change(edit -> edit.down("a").down("b"));
          router.route("bob");
        },
        ALL);

    assertThat(events).extracting(event -> event.getEventType().getName()).containsOnly(REJECT);
    assertThat(events)
        .extracting(event -> event.getString("outcome") + ' ' + event.getString("reason"))
        .containsExactly("REFUSED BACKEND_DOWN", "NO_BACKEND UNKNOWN");
  }

  @Test
  void aDrain_lastsUntilItHasEnded() throws IOException {
    StickyRouter<String> router = scene.router();
    String home = id(router.route("alice"));
    Duration[] between = new Duration[1];

    RecordedEvent event = only(() -> {
      long before = System.nanoTime();
      CompletionStage<Drained> drain = router.drain(home, Duration.ofHours(1));
      assertThat((Object) JfrEvents.recordDrain(scene.pool, home, drain)).isSameAs(drain);
      router.advanceDrains();
      assertThat(drain.toCompletableFuture().isDone()).isFalse();
      router.unbind("alice");
      router.advanceDrains();
      between[0] = Duration.ofNanos(System.nanoTime() - before);
    });

    assertThat(event.getEventType().getName()).isEqualTo(DRAIN);
    assertThat(event.getString("pool")).isEqualTo("web");
    assertThat(event.getString("backend")).isEqualTo(home);
    assertThat(event.getString("result")).isEqualTo("DRAINED");
    assertThat(event.getLong("bindings")).isZero();
    assertThat(event.getInt("connections")).isZero();
    assertThat(event.getDuration("longest")).isZero();
    assertThat(event.getDuration()).isPositive().isLessThanOrEqualTo(between[0].plusMillis(1));
  }

  @Test
  void aDrainThatEndsAtItsDeadline_tellsWhatIsLeft() throws IOException {
    StickyRouter<String> router = scene.router();
    String home = id(router.route("alice"));

    RecordedEvent event = only(() -> {
      JfrEvents.recordDrain(scene.pool, home, router.drain(home, Duration.ZERO));
      router.advanceDrains();
    });

    assertThat(event.getString("result")).isEqualTo("DEADLINE_PASSED");
    assertThat(event.getLong("bindings")).isEqualTo(1);
    assertThat(event.getDuration("longest")).isGreaterThan(Duration.ofMinutes(20));
  }

  @Test
  void aDrainThatNobodyWatchesAnyMore_hasFailed() throws IOException {
    RecordedEvent event = only(() -> JfrEvents.recordDrain(
        scene.pool, "a", CompletableFuture.failedStage(new IllegalStateException("rejected"))));

    assertThat(event.getString("result")).isEqualTo("FAILED");
    assertThat(event.getLong("bindings")).isEqualTo(-1);
  }

  /** The default settings of the JDK do not know these events, so they follow their annotation. */
  @Test
  void withoutARecordingThatAsks_thereAreNoEvents() throws IOException {
    StickyRouter<String> strict = scene.router(Failover.STRICT);
    StickyRouter<String> moving = scene.router();

    List<RecordedEvent> events = Recorded.during(() -> {
      String home = id(strict.route("alice"));
      String other = id(moving.route("alice"));
      scene.pool.change(edit -> edit.down(home));
      strict.route("alice"); // refused
      scene.pool.change(edit -> edit.up(home).down(other));
      moving.route("alice"); // moved
      JfrEvents.recordDrain(
          scene.pool, "b", CompletableFuture.failedStage(new IllegalStateException()));
    });

    assertThat(events).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({BIND, MOVE, REJECT, DRAIN})
  void everyEvent_isDescribedAndOff(String name) {
    scene.router().route("alice"); // registers the events
    JfrEvents.recordDrain(
        scene.pool, "a", CompletableFuture.failedStage(new IllegalStateException()));
    EventType type = FlightRecorder.getFlightRecorder().getEventTypes().stream()
        .filter(known -> known.getName().equals(name))
        .findFirst()
        .orElseThrow();

    assertThat(type.getLabel()).isNotBlank();
    assertThat(type.getDescription()).isNotBlank();
    assertThat(type.getCategoryNames()).startsWith("Limpet").hasSize(2);
    assertThat(type.getSettingDescriptors())
        .filteredOn(setting -> setting.getName().equals("enabled"))
        .extracting(SettingDescriptor::getDefaultValue)
        .containsExactly("false");
    assertThat(type.getFields())
        .allSatisfy(field -> assertThat(field.getLabel()).isNotBlank());
  }

  @Test
  void events_nameNoSession() throws IOException {
    String secret = "session-4711";
    StickyRouter<String> router = scene.router(Failover.STRICT);

    List<RecordedEvent> events = Recorded.during(
        () -> {
          String home = id(router.route(secret));
          scene.pool.change(edit -> edit.down(home));
          router.route(secret);
        },
        ALL);

    assertThat(events).hasSize(2).noneMatch(event -> event.toString().contains(secret));
  }

  @Test
  void aListener_canBeChained() throws IOException {
    List<String> heard = new ArrayList<>();
    RouteListener<String> own = (request, route) -> heard.add(request);
    StickyRouter<String> router =
        scene.router(own.andThen(JfrEvents.listener(scene.pool)), Failover.MOVE);

    assertThat(Recorded.during(() -> router.route("alice"), BIND)).hasSize(1);
    assertThat(heard).containsExactly("alice");
  }

  @Test
  void backends_areNamedWithTheirGeneration() throws IOException {
    scene.pool.follow(List.of(Backend.of("c", "10.0.0.3", 80).withGeneration("7")));
    StickyRouter<String> router = scene.router();

    assertThat(only(() -> router.route("alice")).getString("backend")).isEqualTo("c@7");
  }

  private static String id(Route route) {
    return Objects.requireNonNull(route.backend()).id();
  }

  private static RecordedEvent only(Runnable action) throws IOException {
    List<RecordedEvent> events = Recorded.during(action, ALL);
    assertThat(events).hasSize(1);
    return events.get(0);
  }
}
