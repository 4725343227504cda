package dev.limpet.examples.gateway.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.FailureKind;
import dev.limpet.core.Route;
import dev.limpet.examples.gateway.config.Durations;
import dev.limpet.examples.gateway.operate.Draining;
import dev.limpet.examples.gateway.operate.Running;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The state of the gateway, in words and numbers. */
class StateViewTest {
  private final AtomicLong nanos = new AtomicLong();
  private final Time time = new Time(nanos::get, () -> AdminScene.NOW, ZoneOffset.UTC);
  private final FakeOperations operations = FakeOperations.open();
  private final StateView view = new StateView(operations, new SessionCounts(nanos::get), time);

  private JsonObject state() {
    return view.reply().content().toJsonObject();
  }

  private static JsonObject find(JsonArray items, String key, String name) {
    return items.stream()
        .map(JsonObject.class::cast)
        .filter(item -> item.getString(key).equals(name))
        .findFirst()
        .orElseThrow();
  }

  private JsonObject backend(String pool, String id) {
    JsonObject found = find(state().getJsonArray("pools"), "name", pool);
    return find(found.getJsonArray("backends"), "id", id);
  }

  private JsonObject owner(String name) {
    return find(state().getJsonArray("owners"), "owner", name);
  }

  @Test
  void owners_areEffectivelySticky() {
    operations.request(1, 2, 3);

    JsonObject web = owner("web");
    assertThat(web.getString("kind")).isEqualTo("pool");
    assertThat(web.getString("effective")).isEqualTo("sticky by source IP, 20 min absolute");
    assertThat(web.getLong("sessions")).isEqualTo(3);
    assertThat(web.getLong("capacity")).isGreaterThanOrEqualTo(1000);
    assertThat(web.getJsonObject("stickySession").encode())
        .isEqualTo("{\"type\":\"source-ip\",\"duration\":\"20m\",\"mode\":\"absolute\","
            + "\"maxDuration\":null,\"cookieName\":null}");
    assertThat(owner("db").getString("effective")).isEqualTo("not sticky");
    assertThat(owner("db").getValue("stickySession")).isNull();
    assertThat(owner("db").getString("failover")).isEqualTo("strict");
    assertThat(owner("db").getValue("sessions")).isNull();
    assertThat(owner("api").getBoolean("shared")).isTrue();
    assertThat(state().getBoolean("fleet")).isTrue();
  }

  @Test
  void choices_areThoseOfTheOwner_andFoundOnce_whileChangesNeedNotWait() {
    JsonArray types = owner("web").getJsonObject("choices").getJsonArray("types");

    assertThat(types.getJsonObject(0).encode())
        .isEqualTo("{\"type\":\"source-ip\",\"label\":\"Source IP address\",\"refusal\":null,"
            + "\"least\":\"1m\",\"most\":\"60m\",\"standard\":\"20m\"}");
    assertThat(types.getJsonObject(1).getString("most")).isEqualTo("1440m");
    state();
    assertThat(operations.choices).hasValue(3);
    operations.version = 8;
    state();
    assertThat(operations.choices).hasValue(3);
    assertThat(operations.choicesAtRest).hasValue(0);
  }

  @Test
  void inTheProfileClassic_listenersOwnTheSessions() {
    FakeOperations classic = FakeOperations.classic();
    JsonObject state = new StateView(classic, new SessionCounts(nanos::get), time)
        .reply()
        .content()
        .toJsonObject();

    JsonObject front = find(state.getJsonArray("owners"), "owner", "front");
    assertThat(front.getString("kind")).isEqualTo("listener");
    assertThat(front.getString("pool")).isEqualTo("web");
    assertThat(front.getString("effective")).isEqualTo("sticky by LB cookie, 20 min sliding");
    assertThat(find(state.getJsonArray("listeners"), "name", "front").getString("owner"))
        .isEqualTo("front");
  }

  @Test
  void aBackendThatIsUp_takesNewSessions() {
    JsonObject web1 = backend("web", "web1");

    assertThat(web1.getString("state")).isEqualTo("up");
    assertThat(web1.getValue("cause")).isNull();
    assertThat(web1.getString("text")).isEqualTo("takes new sessions");
    assertThat(web1.getString("address")).isEqualTo("127.0.0.1:9101");
    assertThat(web1.getInteger("weight")).isEqualTo(5);
  }

  @Test
  void aDrainedBackend_saysHowManySessionsAreLeft() {
    for (int session = 0; session < 4; session++) {
      operations.request(session);
    }
    operations.pool("web").change(edit -> edit.drain("web1").weight("web2", 0));
    assertThat(backend("web", "web1").getString("text")).isEqualTo("draining: 2 sessions left");
    assertThat(backend("web", "web1").getString("cause")).isEqualTo("operator");
    assertThat(backend("web", "web1").getBoolean("drain")).isTrue();
    assertThat(backend("web", "web2").getString("text")).isEqualTo("weight 0: 2 sessions left");
    assertThat(backend("web", "web2").getString("cause")).isEqualTo("weight");
    assertThat(backend("web", "web2").getString("state")).isEqualTo("draining");

    operations.drains.add(new Draining("web", "web1", AdminScene.NOW, null, 1L, 0, null, null));
    assertThat(backend("web", "web1").getString("text")).isEqualTo("draining: 1 session left");
    operations.pool("db").change(edit -> edit.drain("db1"));
    assertThat(backend("db", "db1").getString("text")).isEqualTo("draining: takes no new sessions");
  }

  @Test
  void aBackendThatIsDown_namesItsCheck() {
    operations.pool("web").change(edit -> edit.drain("web1").down("web1"));

    assertThat(backend("web", "web1").getString("state")).isEqualTo("down");
    assertThat(backend("web", "web1").getString("cause")).isEqualTo("check");
    assertThat(backend("web", "web1").getString("text")).isEqualTo("down by its health check");
    assertThat(backend("web", "web1").getBoolean("drain")).isTrue();
  }

  @Test
  void anEjectedBackend_saysUntilWhen_andHowOften() {
    Route route = operations.router().route(FakeOperations.address(1));
    String id = route.backend().id();
    operations.router().failed(route, FailureKind.TIMEOUT);
    route.close();

    JsonObject ejected = backend("web", id);
    assertThat(ejected.getString("state")).isEqualTo("ejected");
    assertThat(ejected.getString("cause")).isEqualTo("requests");
    assertThat(ejected.getString("text")).matches("ejected until 14:05:0[0-2], 1st time");
    assertThat(ejected.getLong("until") - AdminScene.NOW.toEpochMilli()).isBetween(400L, 1600L);
    assertThat(ejected.getInteger("times")).isEqualTo(1);

    operations.nanos = Duration.ofSeconds(5).toNanos();
    assertThat(backend("web", id).getString("text"))
        .isEqualTo("ejected until a request to it succeeds, 1st time");
  }

  @Test
  void aBackendAtCapacity_saysSo() {
    operations.pool("web").change(edit -> edit.drain("web1"));
    try (Route held = operations.router().route(FakeOperations.address(1))) {
      assertThat(held.backend().id()).isEqualTo("web2");
      assertThat(backend("web", "web2").getString("text")).isEqualTo("at capacity: 1 connection");
    }
  }

  @Test
  void ordinals_areThoseOfEnglish() {
    assertThat(List.of(1, 2, 3, 4, 11, 12, 13, 21, 101, 111, 112, 122).stream()
            .map(BackendView::ordinal))
        .containsExactly(
            "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "101st", "111th", "112th",
            "122nd");
  }

  @Test
  void counts_areKeptForTwoSeconds() {
    operations.request(1);
    assertThat(owner("web").getLong("sessions")).isEqualTo(1);
    operations.request(2);
    nanos.addAndGet(Duration.ofMillis(1999).toNanos());
    assertThat(owner("web").getLong("sessions")).isEqualTo(1);
    nanos.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(owner("web").getLong("sessions")).isEqualTo(2);
  }

  @Test
  void tablesAreCounted_whileChangesNeedNotWait() {
    AtomicInteger lookedAtRest = new AtomicInteger();
    SessionCounts counts = new SessionCounts(() -> {
      lookedAtRest.addAndGet(operations.isAtRest ? 1 : 0);
      return nanos.addAndGet(Duration.ofSeconds(3).toNanos());
    });
    operations.request(1);
    JsonObject state = new StateView(operations, counts, time).reply().content().toJsonObject();

    assertThat(find(state.getJsonArray("owners"), "owner", "web").getLong("sessions"))
        .isEqualTo(1);
    assertThat(lookedAtRest).hasValue(0);
  }

  @Test
  void whatDiffersFromTheFile_isListed() {
    operations.differences = List.of(
        new Running.Difference("pools.web.backends.web1.weight", "5", "3"),
        new Running.Difference("keySecret", null, null));

    assertThat(state().getJsonArray("differences").encode())
        .isEqualTo("[{\"path\":\"pools.web.backends.web1.weight\",\"file\":\"5\","
            + "\"running\":\"3\"},{\"path\":\"keySecret\",\"file\":null,\"running\":null}]");
    assertThat(state().getString("file")).isEqualTo("config.yaml");
  }

  @Test
  void theStory_isThereInADemonstration() {
    assertThat(state().getValue("story")).isNull();
    assertThat(state().getBoolean("demo")).isFalse();
    operations.story = FakeOperations.story(true);
    assertThat(state().getJsonObject("story").encode())
        .isEqualTo("{\"playing\":true,\"output\":\"once\"}");
  }

  @Test
  void durations_areTextsOfTheirUnits() {
    assertThat(Durations.plain(Duration.ofMinutes(20))).isEqualTo("20 min");
    assertThat(Durations.plain(Duration.ofHours(8))).isEqualTo("8 h");
    assertThat(Durations.plain(Duration.ofSeconds(90))).isEqualTo("90 s");
    assertThat(Durations.plain(Duration.ofMillis(1500))).isEqualTo("1500 ms");
    assertThat(Durations.plain(Duration.ofDays(2))).isEqualTo("2 d");
    assertThat(Durations.spelled(Duration.ofMinutes(60))).isEqualTo("1h");
    assertThat(Durations.inMinutes(Duration.ofHours(1))).isEqualTo("60m");
    assertThat(Durations.inMinutes(Duration.ofSeconds(1))).isEqualTo("1s");
  }
}
