package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.RouterStats;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.table.Restored;
import dev.limpet.examples.gateway.operate.Change;
import dev.limpet.examples.gateway.operate.Edit;
import dev.limpet.examples.gateway.operate.Preview;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random walks through all settings of stickiness. */
@Tag("slow")
@Timeout(90)
class RestickWalkTest {
  private static final List<String> OPEN = List.of(
      "{type: source-ip}",
      "{type: source-ip, duration: 1h, mode: absolute}",
      "{type: source-ip, ipv6Prefix: 64, quota: {percent: 50}}",
      "{type: lb-cookie}",
      "{type: lb-cookie, encrypted: true, maxDuration: 2h}",
      "{type: lb-cookie, secure: true, hostPrefix: true}",
      "{type: app-cookie, cookieName: SID}",
      "{type: app-cookie, cookieName: OTHER, maxDuration: 3h}",
      "{type: prefix-cookie, cookieName: SID}",
      "{type: route-suffix, cookieName: SID, appendRoute: true}",
      "{type: route-suffix, cookieName: SID}",
      "{type: header, header: X-Id, form: learned}",
      "{type: header, header: X-Id, form: sealed}",
      "{type: header, header: X-Id, form: issued}",
      "{type: header, header: X-Id, form: sent}",
      "{type: mcp}",
      "{type: mcp, form: learned}",
      "{type: query, parameter: id}",
      "{type: path, parameter: id}");
  private static final List<String> CLASSIC = List.of(
      "{type: lb-cookie}", "{type: lb-cookie, duration: 1h}", "{type: lb-cookie, duration: 1m}");

  private final AtomicLong elapsed = new AtomicLong();
  private final Clocks clocks = new Clocks(
      elapsed::get, () -> Instant.parse("2026-01-01T00:00:00.5Z").plusNanos(elapsed.get()));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void anyWalk_servesEachRequestAndCountsIt(long seed) throws Exception {
    Random random = new Random(seed);
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(
            TestGateway.yaml("http", "", TestGateway.NOT_STICKY, TestGateway.entries(b1, b2)),
            clocks)) {
      List<Client> clients = List.of(gateway.client(), gateway.client(), gateway.client());
      long requests = 0;
      for (int i = 0; i < 60; i++) {
        boolean isOff = random.nextInt(8) == 0;
        String settings = isOff ? null : OPEN.get(random.nextInt(OPEN.size()));
        Change change =
            gateway.gateway().operations().change(new Edit.Stickiness("web", settings), null, "me");
        assertThat(change).as(settings).isInstanceOf(Change.Done.class);
        for (Client client : clients) {
          assertThat(client.get().status()).as(settings).isEqualTo(200);
          requests++;
        }
        elapsed.addAndGet(Duration.ofMinutes(random.nextInt(15)).toNanos());
        RouterStats stats = gateway.gateway().listeners().get("web").router().stats();
        assertThat(stats.requests()).isEqualTo(requests);
        assertThat(Arrays.stream(Outcome.values()).mapToLong(stats::count).sum())
            .isEqualTo(requests);
        assertThat(stats.count(Outcome.MOVED)).isZero();
      }
    }
  }

  @Test
  void listenersOfProfileClassic_changeEachByItself() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2")) {
      String yaml = """
          profile: classic
          stopTimeout: 0s
          listeners:
            - {name: one, protocol: http, port: 0, pool: web, stickySession: {type: lb-cookie}}
            - {name: two, protocol: http, port: 0, pool: web}
          pools:
            - {name: web, backends: [%s, %s]}
          """.formatted(b1.entry(), b2.entry());
      try (TestGateway gateway = TestGateway.of(yaml, clocks)) {
        Client first = new Client(gateway.port("one"), "127.0.78.1");
        Client second = new Client(gateway.port("two"), "127.0.78.1");
        String home = first.body();
        assertThat(second.get().fields("set-cookie")).noneMatch(it -> it.startsWith("limpet"));
        for (String settings : CLASSIC) {
          change(gateway, "two", settings);
          assertThat(first.body()).isEqualTo(home);
          String own = second.body();
          change(gateway, "one", settings);
          assertThat(second.body()).isEqualTo(own);
          assertThat(first.body()).isEqualTo(home);
        }
        change(gateway, "two", null);
        assertThat(first.body()).isEqualTo(home);
      }
    }
  }

  private static void change(TestGateway gateway, String owner, String settings) {
    assertThat(
            gateway.gateway().operations().change(new Edit.Stickiness(owner, settings), null, "me"))
        .isInstanceOf(Change.Done.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aPreview_countsWhatThenHappens(long seed) {
    Random random = new Random(seed);
    StickySession session = settings(random);
    LiveTable table = new LiveTable(session, 10_000, elapsed::get);
    for (long key = 1; key <= 2_000; key++) {
      table.bind(key * 7919, null, "b" + key % 3, true);
      elapsed.addAndGet(Duration.ofMillis(random.nextInt(2_000)).toNanos());
      if (random.nextBoolean()) {
        String unused = table.lookup((1 + random.nextInt((int) key)) * 7919L);
      }
    }
    for (int i = 0; i < 10; i++) {
      StickySession next = settings(random);
      long live = table.bindings().values().stream().mapToLong(n -> n).sum();
      Restored tried = table.tryChange(next);
      table.change(next);
      long now = table.bindings().values().stream().mapToLong(n -> n).sum();
      assertThat(tried.bindings()).isEqualTo(now);
      assertThat(tried.bindings() + tried.elapsed() + tried.leftOut())
          .as("%s", next)
          .isEqualTo(live);
      elapsed.addAndGet(Duration.ofMinutes(random.nextInt(3)).toNanos());
    }
  }

  private static StickySession settings(Random random) {
    return StickySession.custom()
        .withDuration(Duration.ofMinutes(10 + random.nextInt(60)))
        .withMode(random.nextInt(3) == 0 ? Mode.ABSOLUTE : Mode.SLIDING);
  }

  @Test
  void aBackendThatIsRemovedWhileItDrains_comesBackWithItsSessions() throws Exception {
    try (TestBackend b1 = TestBackend.login("b1");
        TestBackend b2 = TestBackend.login("b2");
        TestGateway gateway = TestGateway.of(
            TestGateway.yaml("http", "", TestGateway.SOURCE_IP, TestGateway.entries(b1, b2)),
            clocks)) {
      Client session = gateway.sessionAt("b1");
      List<Edit> edits = List.of(
          new Edit.Drain("web", "b1", "10m", false),
          new Edit.Stickiness("web", "{type: source-ip, duration: 30m}"),
          new Edit.RemoveBackend("web", "b1", false),
          new Edit.Stickiness("web", "{type: source-ip, duration: 40m}"),
          new Edit.AddBackend("web", b1.entry()),
          new Edit.Drain("web", "b1", null, false),
          new Edit.Stickiness("web", "{type: source-ip, duration: 50m}"));
      List<String> results = new ArrayList<>();
      for (Edit edit : edits) {
        assertThat(gateway.gateway().operations().change(edit, null, "me"))
            .isInstanceOf(Change.Done.class);
        gateway.gateway().drains().advance();
        gateway.gateway().drains().drains().forEach(it -> results.add("" + it.result()));
      }
      assertThat(session.body()).isEqualTo("b1");
      assertThat(results)
          .containsExactly("null", "null", "REMOVED", "REMOVED", "REMOVED", "null", "null");
      Preview preview =
          gateway.gateway().operations().preview(new Edit.Stickiness("web", "{type: source-ip}"));
      assertThat(((Preview.Effect) preview).end()).isZero();
    }
  }
}
