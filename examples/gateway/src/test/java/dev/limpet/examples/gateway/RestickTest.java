package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.operate.Preview;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions while the stickiness of their pool changes. */
@Timeout(60)
class RestickTest {
  private static final String LB = "{type: lb-cookie}";
  private static final String APP = "{type: app-cookie, cookieName: SID}";
  private static final String SOURCE = "{type: source-ip}";
  private static final String PREFIX = "{type: prefix-cookie, cookieName: SID}";

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));
  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;

  @BeforeEach
  void startBackends() throws IOException {
    b1 = TestBackend.login("b1");
    b2 = TestBackend.login("b2");
  }

  @AfterEach
  void stop() throws IOException {
    if (gateway != null) {
      gateway.close();
    }
    b1.close();
    b2.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"app-cookie, cookieName: SID", "source-ip", "lb-cookie"})
  void anotherDurationOfTheSameType_keepsAllSessions(String type) throws IOException {
    start("{type: " + type + "}");
    List<Client> clients = clients(8);
    List<String> homes = homes(clients);

    restick("{type: " + type + ", duration: 5m}");
    restick("{type: " + type + ", duration: 10m, mode: absolute}");
    restick("{type: " + type + ", duration: 20m, maxDuration: 40m}");

    assertThat(homes(clients)).isEqualTo(homes);
    assertThat(stats().count(Outcome.MOVED)).isZero();
    assertThat(stats().requests()).isEqualTo(16);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          {type: lb-cookie} | {type: app-cookie, cookieName: SID}
          {type: lb-cookie} | {type: source-ip}
          {type: lb-cookie} | {type: prefix-cookie, cookieName: SID}
          {type: lb-cookie} | {type: lb-cookie, cookieName: other}
          {type: prefix-cookie, cookieName: SID} | {type: lb-cookie}
          {type: prefix-cookie, cookieName: SID} | {type: source-ip}
          {type: prefix-cookie, cookieName: SID} | {type: app-cookie, cookieName: SID}
          """)
  void tokensOfTheOldType_placeTheirSessionsInTheNewOne(String old, String now) throws IOException {
    start(old);
    List<Client> clients = clients(6);
    List<String> homes = homes(clients);
    long kept = stats().count(Outcome.KEPT);

    restick(now);

    assertThat(homes(clients)).isEqualTo(homes);
    assertThat(stats().count(Outcome.KEPT)).isEqualTo(kept + 6);
    pass(Duration.ofMinutes(10));
    assertThat(homes(clients)).isEqualTo(homes);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          {type: lb-cookie} | {type: app-cookie, cookieName: SID}
          {type: lb-cookie} | {type: source-ip}
          {type: lb-cookie} | {type: lb-cookie, cookieName: other}
          """)
  void sessionsThatWereBoundAnew_outliveTheOldDuration(String old, String now) throws IOException {
    start(old);
    List<Client> clients = clients(6);
    List<String> homes = homes(clients);

    restick(now);
    for (int i = 0; i < 4; i++) {
      pass(Duration.ofMinutes(15));
      assertThat(homes(clients)).isEqualTo(homes);
    }
  }

  @Test
  void afterOneOldDuration_tokensOfTheOldTypePlaceNoSession() throws IOException {
    start("{type: lb-cookie, duration: 40m}");
    Client session = gateway.sessionAt("b1");
    String token = session.cookie("limpet-web");
    restick("{type: source-ip, duration: 60m}");
    gateway.pool().change(pool -> pool.drain("b1"));
    pass(Duration.ofMinutes(39));
    assertThat(gateway.client().withCookie("limpet-web", token).body()).isEqualTo("b1");
    pass(Duration.ofMinutes(2));
    assertThat(gateway.client().withCookie("limpet-web", token).body()).isEqualTo("b2");
  }

  @ParameterizedTest
  @ValueSource(strings = {SOURCE, APP, PREFIX, ""})
  void noBackendSeesTheOldLbCookie(String now) throws IOException {
    start(LB);
    Client session = gateway.sessionAt("b1");
    restick(now);
    session.body();
    pass(Duration.ofMinutes(30));
    session.body();
    assertThat(session.cookie("limpet-web")).isNotNull();
    assertThat(Stream.concat(b1.requests().stream(), b2.requests().stream()))
        .noneMatch(request -> request.head().contains("limpet-web"));
  }

  @Test
  void anotherType_endsTheBindingsOfTheTable() throws IOException {
    start(SOURCE);
    homes(clients(6));
    restick(APP);
    assertThat(
            gateway.gateway().listeners().get("web").router().affinity().table().bindings())
        .isEmpty();
    restick(SOURCE);
    assertThat(
            gateway.gateway().listeners().get("web").router().affinity().table().bindings())
        .isEmpty();
  }

  @Test
  void offAndOnAgain_lbCookiesWorkAgain() throws IOException {
    start(LB);
    List<Client> clients = clients(6);
    List<String> homes = homes(clients);
    restick("");
    homes(clients);
    restick(LB);
    assertThat(homes(clients)).isEqualTo(homes);
  }

  @Test
  void manyChanges_keepFewPredecessors() throws IOException {
    start(LB);
    List<Client> clients = clients(4);
    List<String> homes = homes(clients);
    for (int i = 0; i < 30; i++) {
      restick(List.of(APP, LB, SOURCE, PREFIX, LB).get(i % 5));
      assertThat(homes(clients)).isEqualTo(homes);
    }
    assertThat(gateway.gateway().listeners().get("web").router().affinity().toString())
        .hasSizeLessThan(400);
  }

  @Test
  void aShorterDuration_endsWhatIsIdleForLonger() throws IOException {
    start(SOURCE);
    Client idle = gateway.sessionAt("b1");
    Client used = gateway.sessionAt("b1");
    gateway.pool().change(pool -> pool.drain("b1"));
    pass(Duration.ofMinutes(10));
    used.body();
    Preview.Effect preview = preview("{type: source-ip, duration: 5m}");
    long live = preview.reinterpreted() + preview.end();

    restick("{type: source-ip, duration: 5m}");

    assertThat(preview.stay()).isZero();
    assertThat(preview.reinterpreted()).isEqualTo(1);
    assertThat(live).isGreaterThanOrEqualTo(2);
    assertThat(used.body()).isEqualTo("b1");
    assertThat(idle.body()).isEqualTo("b2");
  }

  @Test
  void aLongerDuration_holdsFromTheLastUse() throws IOException {
    start("{type: source-ip, duration: 5m}");
    Client session = gateway.sessionAt("b1");
    gateway.pool().change(pool -> pool.drain("b1"));
    pass(Duration.ofMinutes(4));
    restick("{type: source-ip, duration: 20m}");
    pass(Duration.ofMinutes(15));
    assertThat(session.body()).isEqualTo("b1");
  }

  @Test
  void preview_changesNothingAndSaysWhatCannotBeCounted() throws IOException {
    start(SOURCE);
    List<Client> clients = clients(5);
    List<String> homes = homes(clients);
    assertThat(preview(SOURCE)).isEqualTo(new Preview.Effect(5, 0, 0, List.of()));
    assertThat(preview("{type: source-ip, duration: 60m}").reinterpreted()).isEqualTo(5);
    assertThat(preview(APP).end()).isEqualTo(5);
    assertThat(preview("").end()).isEqualTo(5);
    assertThat(homes(clients)).isEqualTo(homes);

    restick(LB);
    assertThat(preview(APP).notes())
        .containsExactly("LB cookies are kept by clients and cannot be counted. Those in use place"
            + " their session for up to 20 min more, and the session is bound anew with its next"
            + " request.");
  }

  @Test
  void preview_knowsThatAnotherNameOfTheLbCookieBindsAnew() throws IOException {
    start(LB);
    assertThat(preview("{type: lb-cookie, secure: true, hostPrefix: true}").notes())
        .singleElement()
        .asString()
        .contains("bound anew");
    assertThat(preview("{type: lb-cookie, sameSite: strict}").notes())
        .singleElement()
        .asString()
        .contains("Those in use stay");
  }

  @Test
  void theNumbersOfBackends_addUp() throws IOException {
    start(SOURCE);
    Client session = gateway.sessionAt("b1");
    restick(LB);
    session.body();
    RequestCounts counts = gateway.gateway().counts("web");
    String one = gateway.pool().snapshot().member("b1").name();
    String two = gateway.pool().snapshot().member("b2").name();
    assertThat(counts.requests(one) + counts.requests(two)).isEqualTo(stats().requests());

    restick(SOURCE);
    Client moving = gateway.sessionAt("b1");
    gateway.pool().change(pool -> pool.down("b1"));
    assertThat(moving.body()).isEqualTo("b2");
    assertThat(counts.movedIn(two)).isEqualTo(1);
    assertThat(counts.movedOut(one)).isEqualTo(1);
  }

  @Test
  void aDrainThatIsInProgress_endsByTheSessionsOfTheNewRouters() throws IOException {
    start(SOURCE);
    gateway.sessionAt("b1");
    gateway.gateway().drains().drain("web", "b1");
    gateway.gateway().drains().advance();
    restick("{type: source-ip, duration: 5m}");
    gateway.gateway().drains().advance();
    assertThat(gateway.console().said()).doesNotContain("backend web/b1 is drained");
    pass(Duration.ofMinutes(6));
    gateway.gateway().drains().advance();
    assertThat(gateway.console().said()).containsOnlyOnce("backend web/b1 is drained");
  }

  private void start(String sticky) throws IOException {
    gateway = TestGateway.of(yaml(sticky), clocks);
  }

  private void restick(String sticky) {
    gateway.gateway().restick(config(sticky), List.of("web"));
  }

  private Preview.Effect preview(String sticky) {
    return gateway.gateway().preview(config(sticky), "web");
  }

  private GatewayConfig config(String sticky) {
    return ConfigReader.source(yaml(sticky)).source().config();
  }

  private String yaml(String sticky) {
    return TestGateway.yaml(
        "http",
        "",
        sticky.isEmpty() ? TestGateway.NOT_STICKY : "stickySession: " + sticky,
        TestGateway.entries(b1, b2));
  }

  private RouterStats stats() {
    return gateway.gateway().listeners().get("web").router().stats();
  }

  private List<Client> clients(int number) {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      clients.add(gateway.client());
    }
    return clients;
  }

  private static List<String> homes(List<Client> clients) throws IOException {
    List<String> homes = new ArrayList<>();
    for (Client client : clients) {
      homes.add(client.body());
    }
    return homes;
  }

  private void pass(Duration time) {
    elapsed.addAndGet(time.toNanos());
  }
}
