package dev.limpet.l7;

import static dev.limpet.l7.HeaderFixture.id;
import static dev.limpet.l7.HeaderFixture.sets;
import static dev.limpet.l7.HeaderFixture.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.WeightedRoundRobin;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A field whose ids backends set, and that are bound in a table. */
class LearnedHeaderTest {
  private final HeaderFixture web = new HeaderFixture();
  private final HttpRouter<Call, Response> router = web.router(web.learned());

  private Route learn(String id) {
    return Call.post().answered(router, sets(id));
  }

  /** A route of a request without an id to another backend than the given one. */
  private Route elsewhere(Route home) {
    Route route = router.route(Call.post());
    while (id(route).equals(id(home))) {
      route = router.route(Call.post());
    }
    return route;
  }

  // M1

  @Test
  void aRequestWithoutTheField_belongsToNoSession() {
    Route route = router.route(Call.post());

    assertThat(route).hasToString("UNBOUND " + id(route) + " (NO_KEY)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "é"})
  void aValueThatCannotBeUsed_belongsToNoSession(String value) {
    assertUnusable(with(value));
  }

  @Test
  void aValueThatIsTooLong_orSeveralDifferentOnes_belongToNoSession() {
    assertUnusable(with("x".repeat(1_025)));
    learn("x");
    assertUnusable(with("x", "y"));
    assertThat(router.route(with("x", "x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  private void assertUnusable(Call call) {
    Route route = router.route(call);
    assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(route.reason()).isEqualTo(Reason.UNUSABLE_KEY);
    assertThat(web.affinity.key(call)).isZero();
  }

  @Test
  void aNameInAnotherCase_isTheSameField() {
    Route home = learn("x");

    assertThat(router.route(Call.get().with("x-sESSION", "x"))).hasToString("KEPT " + id(home));
  }

  @Test
  void maxLength_limitsRequestsAndResponses() {
    HttpRouter<Call, Response> shorter = web.router(web.learned().maxLength(16));
    Call.post().answered(shorter, sets("x".repeat(16)));
    Call.post().answered(shorter, sets("y".repeat(17)));

    assertThat(shorter.responseStats().learned()).isEqualTo(1);
    assertThat(shorter.route(with("x".repeat(16))).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(shorter.route(with("y".repeat(17))).reason()).isEqualTo(Reason.UNUSABLE_KEY);
  }

  // M2

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 299})
  void aSuccessfulResponse_bindsItsIdToItsBackend(int status) {
    Route home = Call.post().answered(router, Response.of(status).with(HeaderFixture.NAME, "x"));

    for (int i = 0; i < 5; i++) {
      assertThat(router.route(with("x"))).hasToString("KEPT " + id(home));
    }
    assertThat(router.responseStats().learned()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 300, 302, 400, 401, 404, 500, 503})
  void anIdOnAnotherStatus_isIgnored(int status) {
    Call.post().answered(router, Response.of(status).with(HeaderFixture.NAME, "x"));

    assertThat(web.table.size()).isZero();
  }

  @Test
  void aResponseWithDifferentIds_bindsNone() {
    Call.post().answered(router, sets("x", "y"));
    Call.post().answered(router, sets("a b"));

    assertThat(web.table.size()).isZero();
  }

  @Test
  void theSameIdAgain_isNotLearnedAgain_andAnotherIsLearnedToo() {
    Route home = learn("x");
    with("x").answered(router, sets("x"));
    assertThat(router.responseStats().learned()).isEqualTo(1);

    with("x").answered(router, sets("y"));

    assertThat(router.responseStats().learned()).isEqualTo(2);
    assertThat(router.route(with("x"))).hasToString("KEPT " + id(home));
    assertThat(router.route(with("y"))).hasToString("KEPT " + id(home));
  }

  @Test
  void anIdOfAnotherLiveBackend_isNotMovedByAResponse() {
    Route home = learn("x");
    router.onResponse(Call.post(), elsewhere(home), sets("x"));

    assertThat(router.route(with("x"))).hasToString("KEPT " + id(home));
    assertThat(router.responseStats().learnConflicts()).isEqualTo(1);
    web.pool.change(edit -> edit.down(id(home)));
    router.onResponse(Call.post(), elsewhere(home), sets("x"));
    assertThat(web.table.peek(web.affinity.key(with("x")))).isEqualTo(id(home));
    assertThat(router.responseStats().learnConflicts()).isEqualTo(2);
  }

  @Test
  void anIdOfABackendThatLeft_isMovedByAResponse() {
    Route home = learn("x");
    web.pool.change(edit -> edit.remove(id(home)));
    Route other = Call.post().answered(router, sets("x"));

    assertThat(router.route(with("x"))).hasToString("KEPT " + id(other));
    assertThat(router.responseStats().learnConflicts()).isZero();
  }

  @Test
  void aResponseOfABackendThatStandsIn_movesNothing() {
    HttpRouter<Call, Response> lending = web.router(web.learned(), Failover.LEND);
    Route home = Call.post().answered(lending, sets("x"));
    web.pool.change(edit -> edit.down(id(home)));

    Route lent = with("x").answered(lending, sets("x"));
    web.pool.change(edit -> edit.up(id(home)));

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(lending.route(with("x"))).hasToString("KEPT " + id(home));
    assertThat(lending.responseStats().learnConflicts()).isZero();
  }

  @Test
  void requestsAndResponses_areForwardedUnchanged() {
    Response response = sets("x");
    Call.post().answered(router, response);

    assertThat(response.changes()).isZero();
    assertThat(router.fieldsToBackend(with("x"))).isEmpty();
  }

  // M3

  @Test
  void a404OfItsBackend_endsTheSession() {
    learn("x");
    with("x").answered(router, Response.of(404));

    assertThat(router.route(with("x")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(router.responseStats().unlearned()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403, 405, 409, 410, 429, 500, 502, 503})
  void noOtherStatus_endsIt(int status) {
    learn("x");
    with("x").answered(router, Response.of(status));

    assertThat(router.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void aDelete_endsNoSessionOfAnyField() {
    learn("x");
    Call.of("DELETE").with(HeaderFixture.NAME, "x").answered(router, Response.of(204));

    assertThat(router.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void forgetOn_setsTheStatuses() {
    HttpRouter<Call, Response> also400 = web.router(web.learned().forgetOn(400, 410));
    for (int status : new int[] {400, 410}) {
      Call.post().answered(also400, sets("x"));
      with("x").answered(also400, Response.of(404));
      assertThat(also400.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
      with("x").answered(also400, Response.of(status));
      assertThat(also400.route(with("x")).outcome()).isEqualTo(Outcome.HASHED);
    }
    HttpRouter<Call, Response> never = web.router(web.learned().forgetOn());
    Call.post().answered(never, sets("x"));
    with("x").answered(never, Response.of(404));
    assertThat(never.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void a404OfAnotherBackend_endsNothing() {
    HttpRouter<Call, Response> lending = web.router(web.learned(), Failover.LEND);
    Route home = Call.post().answered(lending, sets("x"));
    web.pool.change(edit -> edit.down(id(home)));
    with("x").answered(lending, Response.of(404));
    web.pool.change(edit -> edit.up(id(home)));

    assertThat(lending.route(with("x"))).hasToString("KEPT " + id(home));
    assertThat(lending.responseStats().unlearned()).isZero();
  }

  @Test
  void a404ThatComesAfterTheIdWasBoundAnew_endsNothing() {
    Route home = learn("x");
    Route late = router.route(with("x"));
    web.table.unbind(web.affinity.key(with("x")), id(home));
    Route other = elsewhere(home);
    router.onResponse(Call.post(), other, sets("x"));

    router.onResponse(with("x"), late, Response.of(404));

    assertThat(router.route(with("x"))).hasToString("KEPT " + id(other));
  }

  // M6

  @Test
  void anUnknownId_isRoutedByItsHashAndTakesNoSlot() {
    Route first = router.route(with("invented"));

    assertThat(first.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(first.reason()).isEqualTo(Reason.UNKNOWN);
    for (int i = 0; i < 10; i++) {
      router.route(Call.post());
      assertThat(router.route(with("invented"))).hasToString(first.toString());
    }
    assertThat(web.table.size()).isZero();
  }

  @Test
  void withATableThatStoresNothing_noRequestIsRefused() {
    for (Failover failover : Failover.values()) {
      HttpRouter<Call, Response> full =
          web.router(web.learned().table((session, given) -> new NoRoom()), failover);
      for (int i = 0; i < 50; i++) {
        String id = "session-" + i;
        assertThat(Call.post().answered(full, sets(id)).backend()).isNotNull();
        assertThat(with(id).answered(full, sets(id)).outcome()).isEqualTo(Outcome.HASHED);
        assertThat(with(id, "other").answered(full, sets(id)).backend()).isNotNull();
      }
      assertThat(full.stats().count(Outcome.REFUSED)).isZero();
      assertThat(full.responseStats().learnRejected()).isEqualTo(150);
    }
  }

  @Test
  void unknownIds_areRefusedIfTheEmbedderSaysSo() {
    HttpRouter<Call, Response> refusing =
        web.router(web.learned().unknown(HeaderAffinity.Unknown.REFUSE));
    Call.post().answered(refusing, sets("x"));

    assertThat(refusing.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
    assertRefused(refusing, with("y"), Reason.UNKNOWN);
    assertRefused(refusing, with("x y"), Reason.UNUSABLE_KEY);
    assertThat(refusing.route(Call.post()).outcome()).isEqualTo(Outcome.UNBOUND);
  }

  private void assertRefused(HttpRouter<Call, Response> refusing, Call call, Reason reason) {
    Route route = refusing.route(call);
    assertThat(route).hasToString("REFUSED (" + reason + ")");
    assertThat(refusing.statusWithoutBackend(route)).isEqualTo(404);
  }

  // M9, M10

  @Test
  void aSessionLives30MinutesFromItsLastUse() {
    Route home = learn("x");
    for (int i = 0; i < 4; i++) {
      web.advance(Duration.ofMinutes(29));
      assertThat(router.route(with("x"))).hasToString("KEPT " + id(home));
    }
    web.advance(Duration.ofMinutes(32));

    assertThat(router.route(with("x")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(web.affinity.session())
        .isEqualTo(StickySession.custom().withDuration(Duration.ofMinutes(30)));
  }

  @Test
  void aDrain_waitsForTheSessions() {
    Route home = learn("x");
    var drained = router.drain(id(home), Duration.ofHours(2)).toCompletableFuture();
    router.advanceDrains();
    assertThat(drained).isNotDone();
    assertThat(router.route(with("x"))).hasToString("KEPT " + id(home));

    with("x").answered(router, Response.of(404));
    router.advanceDrains();

    assertThat(drained).isCompleted();
  }

  @Test
  void whileAStreamIsOpen_itsSessionDoesNotExpire() {
    HttpRouter<Call, Response> counting = counting();
    Route begun = Call.post().answered(counting, sets("x"));
    begun.close();
    Route stream = Call.get().with(HeaderFixture.NAME, "x").answered(counting, Response.ok());
    web.advance(Duration.ofHours(5));

    Route post = counting.route(with("x"));
    assertThat(post).hasToString("KEPT " + id(begun));
    post.close();
    web.advance(Duration.ofHours(5));
    stream.close();
    web.advance(Duration.ofMinutes(29));
    assertThat(counting.route(with("x")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void theResponseThatBeginsASession_keepsItWhileItIsOpen() {
    HttpRouter<Call, Response> counting = counting();
    Route open = Call.post().answered(counting, sets("x"));
    web.advance(Duration.ofHours(5));

    assertThat(counting.route(with("x"))).hasToString("KEPT " + id(open));
  }

  @Test
  void aSessionThatHasEnded_isNotBoundAgainByItsOpenStreams() {
    HttpRouter<Call, Response> counting = counting();
    Route begun = Call.post().answered(counting, sets("x"));
    Route stream = counting.route(Call.get().with(HeaderFixture.NAME, "x"));
    Route ended = with("x").answered(counting, Response.of(404));
    for (Route route : List.of(begun, stream, ended)) {
      route.close();
    }

    assertThat(counting.route(with("x")).outcome()).isEqualTo(Outcome.HASHED);
    assertThat(counting.responseStats().unlearned()).isEqualTo(1);
  }

  @Test
  void aSessionThatOnlyOpenRoutesKeep_endsToo() {
    HttpRouter<Call, Response> counting = counting();
    Call.post().answered(counting, sets("x")).close();
    Route stream = counting.route(Call.get().with(HeaderFixture.NAME, "x"));
    Route post = counting.route(with("x"));
    web.advance(Duration.ofHours(5));

    counting.onResponse(with("x"), post, Response.of(404));
    stream.close();
    post.close();

    assertThat(counting.route(with("x")).outcome()).isEqualTo(Outcome.HASHED);
  }

  private HttpRouter<Call, Response> counting() {
    Pool counting = Pool.builder("web")
        .balancer(new WeightedRoundRobin())
        .backends(List.of(LbFixture.backend("a"), LbFixture.backend("b")))
        .countConnections()
        .build();
    return HttpRouter.of(counting, web.learned().build());
  }

  // M11

  @Test
  void theIdOfAnotherPrincipal_isUnknown() {
    HttpRouter<Call, Response> bound = web.router(web.learned().boundTo(call -> user(call)));
    Route home = Call.post().with("User", "alice").answered(bound, sets("x"));

    assertThat(bound.route(with("x").with("User", "alice"))).hasToString("KEPT " + id(home));
    for (Call stranger :
        List.of(with("x").with("User", "bob"), with("x").with("User", ""), with("x"))) {
      assertThat(bound.route(stranger).outcome()).isEqualTo(Outcome.HASHED);
      stranger.answered(bound, Response.of(404));
    }
    assertThat(bound.route(with("x").with("User", "alice"))).hasToString("KEPT " + id(home));
  }

  @Test
  void idsOfSeveralPrincipals_areDifferentSessions() {
    HttpRouter<Call, Response> bound = web.router(web.learned().boundTo(call -> user(call)));
    for (String user : List.of("alice", "bob", "")) {
      Route home = Call.post().with("User", user).answered(bound, sets("x"));
      assertThat(bound.route(with("x").with("User", user))).hasToString("KEPT " + id(home));
    }
    Call.post().answered(bound, sets("x"));

    assertThat(web.table.size()).isEqualTo(4);
    assertThat(bound.responseStats().learnConflicts()).isZero();
  }

  private static @Nullable CharSequence user(Call call) {
    List<String> users = Call.ACCESS.requestFields(call, "User");
    return (users == null) ? null : users.get(0);
  }

  // What a response needs is known when the request is routed.

  @Test
  void anExchange_remembersTheRequestThatTheEmbedderChanges() {
    HttpRouter<Call, Response> bound = web.router(web.learned().boundTo(call -> user(call)));
    Call begin = Call.post().with("User", "alice");
    StickyExchange<Call, Response> first = bound.begin(begin);
    begin.change(Map.of("User", List.of("proxy")));
    first.responded(sets("x"));
    Call end = with("x").with("User", "alice");
    StickyExchange<Call, Response> second = bound.begin(end);
    assertThat(second.route()).hasToString("KEPT " + id(first.route()));

    end.change(Map.of("User", List.of(), HeaderFixture.NAME, List.of("another")));
    second.responded(Response.of(404));

    assertThat(bound.route(with("x").with("User", "alice")).outcome()).isEqualTo(Outcome.HASHED);
  }

  // A table that other proxies share.

  @Test
  void aResponse_leavesWhenTheSharedTableKnowsItsId() {
    LateTable late = new LateTable(CaffeineStickyTable.of(StickySession.custom(), 100));
    HttpRouter<Call, Response> shared = web.router(web.learned().table((session, given) -> late));
    StickyExchange<Call, Response> begin = shared.begin(Call.post());

    CompletableFuture<Void> heard = begin.respondedAsync(sets("x")).toCompletableFuture();

    assertThat(heard).isNotDone();
    late.answer();
    assertThat(heard).isCompleted();
    assertThat(late.peek(web.affinity.key(with("x")))).isEqualTo(id(begin.route()));
    assertThat(shared.begin(with("x")).respondedAsync(sets("x")).toCompletableFuture())
        .isCompleted();
  }

  @Test
  void routeAsync_asksForAnIdThatAnotherProxyLearned() {
    LateTable late = new LateTable(CaffeineStickyTable.of(StickySession.custom(), 100));
    HttpRouter<Call, Response> shared = web.router(web.learned().table((session, given) -> late));
    Route hashed = shared.route(with("x"));
    String home = id(hashed).equals("a") ? "b" : "a";
    late.share(web.affinity.key(with("x")), home);

    CompletableFuture<Route> route = shared.routeAsync(with("x")).toCompletableFuture();
    late.answer();

    assertThat(route.join()).hasToString("KEPT " + home);
  }

  @Test
  void anIdThatAnotherProxyBoundElsewhere_isAConflict() {
    CaffeineStickyTable here = CaffeineStickyTable.of(StickySession.custom(), 100);
    LateTable late = new LateTable(here);
    HttpRouter<Call, Response> shared = web.router(web.learned().table((session, given) -> late));
    StickyExchange<Call, Response> begin = shared.begin(Call.post());
    CompletableFuture<Void> heard = begin.respondedAsync(sets("x")).toCompletableFuture();
    String other = id(begin.route()).equals("a") ? "b" : "a";
    here.bind(web.affinity.key(with("x")), null, other, true);

    late.answer();

    assertThat(heard).isCompleted();
    assertThat(here.peek(web.affinity.key(with("x")))).isEqualTo(other);
    assertThat(shared.responseStats().learnConflicts()).isEqualTo(1);
  }

  @Test
  void proxiesWithOneSecret_agreeOnUnknownIds() {
    HeaderFixture other = new HeaderFixture();
    HttpRouter<Call, Response> there = other.router(other.learned());
    for (int i = 0; i < 20; i++) {
      assertThat(id(there.route(with("id" + i)))).isEqualTo(id(router.route(with("id" + i))));
    }
  }

  @Test
  void nothingThatIsShown_tellsTheId() {
    Route route = learn("secretvalue");

    List<Object> shown = Arrays.asList(
        web.affinity,
        route,
        router.peek(with("secretvalue")),
        router.begin(with("secretvalue")),
        router.responseStats(),
        Environment.local());

    assertThat(shown).allSatisfy(each -> assertThat(each.toString()).doesNotContain("secretvalue"));
    assertThat(Reachable.from(router, router.begin(with("secretvalue"))))
        .filteredOn(each -> !(each instanceof CharSequence) && !(each instanceof Call))
        .noneMatch(each -> !each.getClass().getName().startsWith("java.")
            && each.toString().contains("secretvalue"));
    assertThat(web.affinity).hasToString("HeaderAffinity[X-Session, learned]");
    assertThat(web.affinity.name()).isEqualTo("X-Session");
  }

  /** A table without slots. */
  private static final class NoRoom implements StickyTable {
    @Override
    public @Nullable String lookup(long key) {
      return null;
    }

    @Override
    public @Nullable String peek(long key) {
      return null;
    }

    @Override
    public boolean wantsHash(long key) {
      return true;
    }

    @Override
    public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
      return (expected == null) ? Bound.FULL : Bound.ABSENT;
    }

    @Override
    public boolean unbind(long key, String expected) {
      return false;
    }
  }
}
