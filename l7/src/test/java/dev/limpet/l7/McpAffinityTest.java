package dev.limpet.l7;

import static dev.limpet.l7.HeaderFixture.id;
import static dev.limpet.l7.HeaderFixture.mcp;
import static dev.limpet.l7.HeaderFixture.mcpSets;
import static dev.limpet.l7.HeaderFixture.mcpValue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Backend;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sessions of the Model Context Protocol. */
class McpAffinityTest {
  private static final String VERSION = "MCP-Protocol-Version";

  /** The two ways to keep them. */
  enum Kind {
    SEALED,
    LEARNED
  }

  private final HeaderFixture web = new HeaderFixture();

  private HttpRouter<Call, Response> router(Kind kind) {
    return web.router((kind == Kind.SEALED) ? web.mcpSealed() : web.mcpLearned());
  }

  private Route home;

  /** An initialize request. Returns the id that the client gets. */
  private String initialize(HttpRouter<Call, Response> router) {
    Response response = mcpSets("session-1");
    home = Call.post().answered(router, response);
    return mcpValue(response);
  }

  @ParameterizedTest
  @EnumSource
  void aSession_staysWithItsServer(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);

    assertThat(home.outcome()).isEqualTo(Outcome.UNBOUND);
    for (Call call : List.of(mcp(id), Call.get().with("mcp-session-id", id))) {
      assertThat(router.route(call)).hasToString("KEPT " + id(home));
    }
    assertThat(id.equals("session-1")).isEqualTo(kind == Kind.LEARNED);
  }

  @Test
  void of_isSealed() {
    assertThat(McpAffinity.of(web.pool, Call.ACCESS))
        .hasToString("HeaderAffinity[Mcp-Session-Id, sealed, pool web]");
  }

  // M4, M5

  @ParameterizedTest
  @EnumSource
  void aServerThatIsDown_isTriedAgainLater(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);
    web.pool.change(edit -> edit.down(id(home)));
    Route route = router.route(mcp(id));
    web.pool.change(edit -> edit.up(id(home)));

    assertThat(route).hasToString("REFUSED (BACKEND_DOWN)");
    assertThat(router.statusWithoutBackend(route)).isEqualTo(503);
    assertThat(router.route(mcp(id))).hasToString("KEPT " + id(home));
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatLeft_endsItsSessions(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);
    web.pool.change(edit -> edit.remove(id(home)));

    Route route = router.route(mcp(id));

    assertThat(route).hasToString("REFUSED (BACKEND_GONE)");
    assertThat(router.statusWithoutBackend(route)).isEqualTo(404);
    assertThat(router.begin(mcp(id)).statusWithoutBackend()).isEqualTo(404);
  }

  @ParameterizedTest
  @EnumSource
  void aServerThatReturnsWithoutItsSessions_endsThem(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);
    Backend again = LbFixture.backend(id(home)).withGeneration("2");
    web.pool.change(edit -> edit.remove(id(home)).add(again));

    assertThat(router.route(mcp(id))).hasToString("REFUSED (BACKEND_GONE)");
  }

  @ParameterizedTest
  @EnumSource
  void aServerAtCapacity_isTriedAgainLater(Kind kind) {
    Pool counting = Pool.builder("web")
        .backends(List.of(LbFixture.backend("a").withMaxConnections(1), LbFixture.backend("b")))
        .environment(web.environment)
        .countConnections()
        .build();
    HttpRouter<Call, Response> router = HttpRouter.of(
        counting,
        (kind == Kind.SEALED)
            ? McpAffinity.of(counting, Call.ACCESS)
            : web.mcpLearned().build());
    String id = initialize(router);
    home.close();
    while (!id(home).equals("a")) {
      router.unbind(mcp(id));
      id = initialize(router);
      home.close();
    }
    Route open = router.route(mcp(id));

    Route full = router.route(mcp(id));

    assertThat(open).hasToString("KEPT a");
    assertThat(full).hasToString("REFUSED (BACKEND_FULL)");
    assertThat(router.statusWithoutBackend(full)).isEqualTo(503);
  }

  @ParameterizedTest
  @EnumSource
  void serversThatShareTheirSessions_mayHaveAnotherFailover(Kind kind) {
    HttpRouter<Call, Response> router =
        web.router((kind == Kind.SEALED) ? web.mcpSealed() : web.mcpLearned(), Failover.MOVE);
    String id = initialize(router);
    web.pool.change(edit -> edit.remove(id(home)));

    assertThat(router.route(mcp(id)).backend()).isNotNull();
  }

  @Test
  void theStatus_isAPureFunctionOfOutcomeAndReason() {
    Map<Reason, Integer> expected = new EnumMap<>(Reason.class);
    for (Reason reason : Reason.values()) {
      expected.put(reason, 503);
    }
    for (Reason over : List.of(
        Reason.UNKNOWN,
        Reason.UNUSABLE_KEY,
        Reason.EXPIRED,
        Reason.FUTURE,
        Reason.MALFORMED,
        Reason.FORGED,
        Reason.UNKNOWN_KEY,
        Reason.BACKEND_GONE)) {
      expected.put(over, 404);
    }
    for (Reason reason : Reason.values()) {
      assertThat(HeaderMode.status(Outcome.REFUSED, reason))
          .as("%s", reason)
          .isEqualTo(expected.get(reason));
      assertThat(HeaderMode.status(Outcome.NO_BACKEND, reason)).isEqualTo(503);
    }
    assertThat(HeaderMode.status(Outcome.NO_BACKEND, null)).isEqualTo(503);
  }

  @Test
  void withoutAnyServer_theStatusIs503() {
    HttpRouter<Call, Response> router = router(Kind.SEALED);
    web.pool.change(edit -> edit.down("a").down("b").down("c"));

    assertThat(router.statusWithoutBackend(router.route(Call.post()))).isEqualTo(503);
  }

  // M7

  @ParameterizedTest
  @EnumSource
  void aRequestWithAnId_isNeverSentToAnotherServer(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);

    Route again = router.reroute(mcp(id), router.route(mcp(id)));

    assertThat(again).hasToString("REFUSED (CONNECT_FAILED)");
    assertThat(router.statusWithoutBackend(again)).isEqualTo(503);
    assertThat(router.route(mcp(id))).hasToString("KEPT " + id(home));
  }

  @ParameterizedTest
  @EnumSource
  void aRequestWithoutAnId_mayBeReroutedAfterAFailedConnect(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    Route first = router.route(Call.post());

    Route again = router.reroute(Call.post(), first);

    assertThat(again.backend()).isNotNull().isNotEqualTo(first.backend());
  }

  // M3

  @ParameterizedTest
  @ValueSource(ints = {200, 202, 204})
  void aSuccessfulDelete_endsALearnedSession(int status) {
    HttpRouter<Call, Response> router = router(Kind.LEARNED);
    String id = initialize(router);
    Response response = Response.of(status).with(HeaderFixture.MCP, id);
    delete(id).answered(router, response);

    assertThat(router.route(mcp(id)).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(router.responseStats().unlearned()).isEqualTo(1);
    assertThat(web.table.size()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 405, 500})
  void aDeleteThatFails_endsNothing(int status) {
    HttpRouter<Call, Response> router = router(Kind.LEARNED);
    String id = initialize(router);
    delete(id).answered(router, Response.of(status));

    assertThat(router.route(mcp(id)).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aDelete_isKnownEvenIfTheRequestIsChanged() {
    HttpRouter<Call, Response> router = router(Kind.LEARNED);
    String id = initialize(router);
    Call call = delete(id);
    StickyExchange<Call, Response> exchange = router.begin(call);
    call.change(Map.of(HeaderFixture.MCP, List.of()));
    exchange.responded(Response.of(204));

    assertThat(router.route(mcp(id)).outcome()).isEqualTo(Outcome.HASHED);
  }

  private static Call delete(String id) {
    return Call.of("DELETE").with(HeaderFixture.MCP, id);
  }

  // M12

  @ParameterizedTest
  @ValueSource(strings = {"2026-07-28", "2026-07-29", "2026-12-01", "2031-01-01", "9999-99-99"})
  void sinceTheEraWithoutSessions_theFieldIsIgnoredInBothDirections(String version) {
    for (Kind kind : Kind.values()) {
      HttpRouter<Call, Response> router = router(kind);
      String id = initialize(router);
      Response response = mcpSets("session-2");
      Call call = mcp(id).with(VERSION, version);

      Route route = call.answered(router, response);
      StickyExchange<Call, Response> exchange = router.begin(call);
      exchange.responded(mcpSets("session-3"));

      assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(route.reason()).isEqualTo(Reason.NO_KEY);
      assertThat(response.changes()).isZero();
      assertThat(router.fieldsToBackend(call)).isEmpty();
      assertThat(exchange.fieldsToBackend()).isEmpty();
      assertThat(router.responseStats().issued() + router.responseStats().learned())
          .isEqualTo(1);
      call.answered(router, Response.of(404));
      assertThat(router.route(mcp(id)).outcome()).isEqualTo(Outcome.KEPT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2025-03-26",
        "2025-11-25",
        "2026-07-27",
        "",
        "draft",
        "2026-7-28",
        "2026-07-281",
        "x026-07-28",
        "2026/07/28",
        " 2026-07-28",
        "２０２６-07-28",
        "DRAFT-2026-v1"
      })
  void beforeIt_orWithAnotherText_theFieldCounts(String version) {
    for (Kind kind : Kind.values()) {
      HttpRouter<Call, Response> router = router(kind);
      String id = initialize(router);

      assertThat(router.route(mcp(id).with(VERSION, version)).outcome()).isEqualTo(Outcome.KEPT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void severalVersions_areTheEraWithSessions(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    String id = initialize(router);

    assertThat(router.route(mcp(id).with(VERSION, "2026-07-28", "2026-07-28")).outcome())
        .isEqualTo(Outcome.KEPT);
  }

  @Test
  void anotherField_hasNoEras() {
    HttpRouter<Call, Response> router = web.router(web.learned());
    Call.post().with(VERSION, "2026-07-28").answered(router, HeaderFixture.sets("x"));

    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @Test
  void theEra_isThatOfTheRequestAsItWasRouted() {
    HttpRouter<Call, Response> router = router(Kind.LEARNED);
    Call call = Call.post().with(VERSION, "2026-07-28");
    StickyExchange<Call, Response> exchange = router.begin(call);
    call.change(Map.of(VERSION, List.of()));
    exchange.responded(mcpSets("x"));

    assertThat(web.table.size()).isZero();
  }

  // M14

  @ParameterizedTest
  @EnumSource
  void noCookieIsSet_andNothingElseChanges(Kind kind) {
    HttpRouter<Call, Response> router = router(kind);
    Response response = mcpSets("session-1");
    Call.post().answered(router, response);

    assertThat(response.setCookies()).isEmpty();
    assertThat(response.fields("Cache-Control")).isEmpty();
    assertThat(response.changes()).isEqualTo((kind == Kind.SEALED) ? 1 : 0);
  }

  @Test
  void withoutAMethod_noRequestIsADelete() {
    HttpAccess<Sent, Response> noMethod = new Sent.Access();
    HttpRouter<Sent, Response> router = HttpRouter.of(
        web.pool,
        McpAffinity.learned(noMethod, (session, given) -> web.table(session, 10))
            .build());
    Sent begin = Sent.of();
    router.onResponse(begin, router.route(begin), mcpSets("x"));
    Sent next = Sent.of().with(HeaderFixture.MCP, "x");
    router.onResponse(next, router.route(next), Response.of(200));

    assertThat(router.route(next).outcome()).isEqualTo(Outcome.KEPT);
  }
}
