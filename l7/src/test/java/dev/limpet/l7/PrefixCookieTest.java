package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Drained;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.FaultException;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixCookieTest {
  private static final String SIGNED = "[I-P][\\w-]{43}~";
  private static final String ENCRYPTED = "[Q-X][\\w-]{59}~";

  private final PrefixFixture web = new PrefixFixture();
  private final Browser alice = new Browser();

  // The prefix is a sealed token and '~'; what has none is not routed and not changed.

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aSession_staysOnTheBackendThatSetItsCookie(boolean encrypted) {
    PrefixFixture some = new PrefixFixture(b -> b.encrypted(encrypted));
    Route first = alice.visit(some.router, AppFixture.sets("SID=5A; Path=/"));

    assertThat(first.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(alice.cookie("SID")).matches((encrypted ? ENCRYPTED : SIGNED) + "5A");
    for (int i = 0; i < 5; i++) {
      assertThat(some.router.route(alice.request())).hasToString("KEPT " + Browser.id(first));
    }
    assertThat(some.router.fieldsToBackend(alice.request()))
        .isEqualTo(Map.of("Cookie", List.of("SID=5A")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5A",
        "~5A",
        "",
        "~",
        "IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz~5A",
        "IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz",
        "QRESExQVFhcYGRobHFkL7cAmjgZ6fpjpwsI0vROjWitK2vcdy3RZ0D0Xu7QM~5A",
      })
  void aValueWithoutAGenuinePrefix_isNeitherRoutedNorChanged(String value) {
    Route route = web.route(value);

    assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(route.reason()).isEqualTo(Reason.NO_KEY);
    assertThat(web.router.fieldsToBackend(PrefixFixture.sid(value))).isEmpty();
    assertThat(web.affinity.key(PrefixFixture.sid(value))).isZero();
  }

  @Test
  void aPrefixWithAnyCharacterChanged_isNotGenuine() {
    String value = web.prefixed("5A");
    for (int i = 0; i <= TokenText.SIGNED_LENGTH; i++) {
      char other = (value.charAt(i) == 'A') ? 'B' : 'A';
      String changed = value.substring(0, i) + other + value.substring(i + 1);

      assertThat(web.route(changed).outcome()).isEqualTo(Outcome.UNBOUND);
      assertThat(web.received("SID=" + changed)).containsExactly("SID=" + changed);
    }
  }

  @Test
  void forgedPrefixes_areCounted_andOrdinaryValuesAreNot() {
    web.route("5A");
    web.route("IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz~5A");
    web.router.peek(PrefixFixture.sid("IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz~5A"));

    assertThat(web.router.responseStats().foreignCookies()).isEqualTo(1);
  }

  @Test
  void tokensOfLbCookies_otherCookiesAndOtherPools_areNoPrefixes() {
    LbCookieAffinity<Request, Response> lb = LbCookieAffinity.builder(web.pool, Response.ACCESS)
        .session(StickySession.lbCookie().withCookieName("SID"))
        .build();
    Browser bob = new Browser();
    bob.visit(web.router(lb));
    PrefixCookieAffinity<Request, Response> other =
        PrefixCookieAffinity.builder(web.pool, Response.ACCESS, "OTHER").build();
    Pool pool = Pool.builder("other")
        .backends(List.of(LbFixture.backend("a")))
        .environment(web.environment)
        .build();
    PrefixCookieAffinity<Request, Response> elsewhere =
        PrefixCookieAffinity.builder(pool, Response.ACCESS, "SID").build();

    assertThat(web.route(bob.cookie("SID") + "~5A").outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(other.key(Request.of("OTHER=" + web.prefixed("5A")))).isZero();
    assertThat(elsewhere.key(PrefixFixture.sid(web.prefixed("5A")))).isZero();
    assertThat(web.affinity.key(PrefixFixture.sid(web.prefixed("5A")))).isNotZero();
  }

  @Test
  void proxiesWithTheSameSecret_acceptEachOthersPrefixes() {
    PrefixFixture other = new PrefixFixture();
    String value = web.prefixed("5A");

    assertThat(other.route(value)).hasToString(web.route(value).toString());
    assertThat(other.route(value).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(other.affinity.key(PrefixFixture.sid(value)))
        .isEqualTo(web.affinity.key(PrefixFixture.sid(value)))
        .isEqualTo(web.environment.hasher().string("5A"));
  }

  @Test
  void everyCookieOfTheName_isStripped_andNothingElseChanges() {
    String one = web.prefixed("5A");
    String two = web.prefixed("5B");

    assertThat(web.received(
            "a=b;SID=" + one + " ;\tc = d; SID =" + two + "; SID=5C;",
            "x=\"SID=" + one + "\"",
            "SID=\"" + two.replace("5B", "5D") + "\"; ;SID"))
        .containsExactly(
            "a=b;SID=5A ;\tc = d; SID =5B; SID=5C;", "x=\"SID=" + one + "\"", "SID=\"5D\"; ;SID");
    assertThat(web.received("XSID=" + one, "sid=" + one))
        .containsExactly("XSID=" + one, "sid=" + one);
  }

  @Test
  void ofSeveralCookies_theFirstThatIsValidCounts() {
    String old = web.prefixed("old");
    web.clock.advance(PrefixFixture.DURATION.plusSeconds(1));
    String one = web.prefixed("5A");
    String home = Browser.id(web.route(one));
    Request request = Request.of("SID=5C; SID=" + old, "SID=" + one);

    assertThat(web.router.route(request)).hasToString("KEPT " + home);
    assertThat(web.affinity.key(request)).isEqualTo(web.environment.hasher().string("5A"));
  }

  @Test
  void eightCookiesAreRead() {
    String seven = "SID=x; ".repeat(7);
    String value = web.prefixed("5A");

    assertThat(web.router.route(Request.of(seven + "SID=" + value)).outcome())
        .isEqualTo(Outcome.KEPT);
    Request ninth = Request.of(seven + "SID=x; SID=" + value);
    assertThat(web.router.route(ninth).outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(web.router.fieldsToBackend(ninth)).isEmpty();
  }

  // Deletions pass without a prefix.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SID=",
        "SID=; Path=/",
        "SID=5A; Max-Age=0",
        "SID=5A; max-age=-1; Path=/",
        "SID=5A; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "SIDE=5A",
        "sid=5A",
        "5A",
        "a=SID=5A"
      })
  void deletionsAndOtherCookies_pass(String field) {
    assertThat(web.answered(field)).containsExactly(field);
    assertThat(web.router.responseStats().marked()).isZero();
  }

  @Test
  void aResponseWithoutTheCookie_isNotTouched() {
    Response response = AppFixture.sets("a=b");
    alice.visit(web.router, response);

    assertThat(response.changes()).isZero();
  }

  // Attributes stay, byte for byte, and quotes stay outside the whole.

  @Test
  void attributesAndBlanks_stay() {
    assertThat(web.answered(" SID = 5A ;path=/x ; HTTPONLY;; Foo=\"b;r\"").get(0))
        .matches(" SID = " + SIGNED + "5A ;path=/x ; HTTPONLY;; Foo=\"b;r\"");
    assertThat(web.answered("SID=5A; Max-Age=60; Expires=soon").get(0))
        .matches("SID=" + SIGNED + "5A; Max-Age=60; Expires=soon");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"5A\"", "\"\"", "\"5A", "5A\"", "\"", "\"5\"A", "5~A", "~", "5=A, b"})
  void whatTheClientGets_comesBackAsItWas(String value) {
    String prefixed = web.prefixed(value);

    assertThat(prefixed).isNotEqualTo(value);
    assertThat(web.route(prefixed).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(web.received("SID=" + prefixed)).containsExactly("SID=" + value);
  }

  @Test
  void quotes_areOutsideTheWhole() {
    assertThat(web.prefixed("\"5A\"")).matches("\"" + SIGNED + "5A\"");
    assertThat(web.prefixed("\"5A")).matches(SIGNED + "\"5A");
  }

  // A cookie that browsers would drop is left without a prefix, and counted.

  @Test
  void aCookieOfMoreThan4096Characters_isLeft() {
    String longest = "a".repeat(4096 - "SID".length() - TokenText.SIGNED_LENGTH - 1);
    String quoted = '"' + longest.substring(2) + '"';

    assertThat(web.prefixed(longest)).hasSize(4096 - "SID".length()).endsWith("~" + longest);
    assertThat(web.prefixed(quoted)).hasSize(4096 - "SID".length());
    assertThat(web.router.responseStats().unmarked()).isZero();
    assertThat(web.prefixed(longest + "a")).isEqualTo(longest + "a");
    assertThat(web.prefixed('"' + longest + '"')).isEqualTo('"' + longest + '"');
    assertThat(web.router.responseStats().unmarked()).isEqualTo(2);
    assertThat(web.router.responseStats().marked()).isEqualTo(2);
    assertThat(web.router.responseStats()).asString().contains("marked 2, unmarked 2");
  }

  // All fields of the name get a prefix.

  @Test
  void twinsThatDifferInPathOrPartition_allGetAPrefix() {
    List<String> fields =
        web.answered("SID=5A; Path=/", "a=b", "SID=5A; Path=/x", "SID=5A; Partitioned");

    assertThat(fields).hasSize(4);
    assertThat(fields.get(0)).matches("SID=" + SIGNED + "5A; Path=/");
    assertThat(fields.get(1)).isEqualTo("a=b");
    assertThat(fields.get(2)).matches("SID=" + SIGNED + "5A; Path=/x");
    assertThat(fields.get(3)).matches("SID=" + SIGNED + "5A; Partitioned");
    assertThat(fields.stream()
            .filter(field -> field.startsWith("SID="))
            .map(field -> Browser.id(web.route(PrefixFixture.value(field))))
            .distinct())
        .hasSize(1);
  }

  @Test
  void aPrefixThatABackendEchoes_isReplaced_andAForgedOneStays() {
    String value = web.prefixed("5A");
    web.clock.advance(PrefixFixture.DURATION.multipliedBy(3));
    String forged = "IQQSKbYEEim7if-AL6VlWQeval_9TCpIgQVZg5SwlfCz~5A";

    assertThat(web.prefixed(value)).matches(SIGNED + "5A").isNotEqualTo(value);
    assertThat(web.prefixed('"' + value + '"')).matches('"' + SIGNED + "5A\"");
    assertThat(web.prefixed(forged)).matches(SIGNED + forged);
  }

  // Expiration, failover and keys.

  @Test
  void theDuration_isAbsolute_andAnExpiredPrefixIsStillStripped() {
    alice.visit(web.router, AppFixture.sets("SID=5A"));
    String value = alice.cookie("SID");
    web.clock.advance(PrefixFixture.DURATION);
    assertThat(alice.visit(web.router).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(alice.cookie("SID")).isEqualTo(value);

    web.clock.advance(Duration.ofSeconds(1));
    Route hashed = alice.visit(web.router);
    assertThat(hashed.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(hashed.reason()).isEqualTo(Reason.EXPIRED);
    assertThat(web.received(alice.cookies())).containsExactly("SID=5A");
    PrefixFixture other = new PrefixFixture();
    other.clock.advance(PrefixFixture.DURATION.plusSeconds(1));
    assertThat(other.route(value)).hasToString(hashed.toString());

    alice.visit(web.router, AppFixture.sets("SID=5A"));
    assertThat(web.router.route(alice.request())).hasToString("KEPT " + Browser.id(hashed));
  }

  @Test
  void aPrefixFromTheFuture_isStripped_andHashed() {
    PrefixFixture ahead = new PrefixFixture();
    ahead.clock.advance(Duration.ofSeconds(61));
    String value = ahead.prefixed("5A");

    assertThat(web.route(value)).asString().startsWith("HASHED").endsWith("(FUTURE)");
    assertThat(web.received("SID=" + value)).containsExactly("SID=5A");
  }

  @Test
  void aBackendThatIsDown_lendsItsSessions() {
    String value = web.prefixed("5A");
    String home = Browser.id(web.route(value));
    web.pool.change(edit -> edit.down(home));

    Route lent = web.route(value);
    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(web.route(value)).hasToString(lent.toString());
    web.pool.change(edit -> edit.up(home));
    assertThat(web.route(value)).hasToString("KEPT " + home);
  }

  @Test
  void aLentSession_movesIfTheApplicationSetsItsCookieThere() {
    alice.visit(web.router, AppFixture.sets("SID=5A"));
    String home = Browser.id(web.router.route(alice.request()));
    web.pool.change(edit -> edit.down(home));
    Route lent = alice.visit(web.router, AppFixture.sets("SID=5B"));
    web.pool.change(edit -> edit.up(home));

    assertThat(lent.outcome()).isEqualTo(Outcome.LENT);
    assertThat(web.router.route(alice.request())).hasToString("KEPT " + Browser.id(lent));
  }

  @Test
  void move_storesNothing_andStrictRefuses() {
    String value = web.prefixed("5A");
    String home = Browser.id(web.route(value));
    HttpRouter<Request, Response> move =
        HttpRouter.builder(web.pool, web.affinity).failover(Failover.MOVE).build();
    HttpRouter<Request, Response> strict =
        HttpRouter.builder(web.pool, web.affinity).failover(Failover.STRICT).build();
    web.pool.change(edit -> edit.down(home));

    assertThat(move.route(PrefixFixture.sid(value)).outcome()).isEqualTo(Outcome.MOVED);
    assertThat(strict.route(PrefixFixture.sid(value)).outcome()).isEqualTo(Outcome.REFUSED);
    web.pool.change(edit -> edit.up(home));
    assertThat(move.route(PrefixFixture.sid(value))).hasToString("KEPT " + home);
  }

  @Test
  void aBackendThatIsGone_leavesItsSessionsToHashing() {
    String value = web.prefixed("5A");
    web.pool.change(edit -> edit.remove(Browser.id(web.route(value))));

    Route hashed = web.route(value);
    assertThat(hashed.outcome()).isEqualTo(Outcome.HASHED);
    assertThat(hashed.reason()).isEqualTo(Reason.BACKEND_GONE);
    assertThat(web.route(value)).hasToString(hashed.toString());
    assertThat(web.received("SID=" + value)).containsExactly("SID=5A");
  }

  @Test
  void keysAreRotated_withoutLosingASession() {
    CookieKeys first = CookieKeys.builder().signing(1, LbFixture.secret(1)).build();
    PrefixFixture some = new PrefixFixture(b -> b.keys(first));
    String old = some.prefixed("5A");
    CookieKeys both = first.with(2, LbFixture.secret(2));
    some.affinity.rotate(both);
    assertThat(some.route(old).outcome()).isEqualTo(Outcome.KEPT);
    some.affinity.rotate(both.signingBy(2));
    String next = some.prefixed("5B");
    assertThat(some.route(old).outcome()).isEqualTo(Outcome.KEPT);

    some.affinity.rotate(both.signingBy(2).without(1));
    assertThat(some.route(next).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(some.route(old).outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(some.received("SID=" + old)).containsExactly("SID=" + old);
  }

  @Test
  void signedAndEncryptedPrefixes_areBothAccepted() {
    PrefixFixture encrypting = new PrefixFixture(b -> b.encrypted(true));

    assertThat(web.route(encrypting.prefixed("5A")).outcome()).isEqualTo(Outcome.KEPT);
    assertThat(encrypting.route(web.prefixed("5A")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @Test
  void whatRemains_isTheLastPrefixsLife() {
    web.clock.advance(PrefixFixture.DURATION.plusSeconds(1));
    assertThat(web.affinity.remaining("a").isNothing()).isTrue();
    String home = Browser.id(web.route(web.prefixed("5A")));
    assertThat(web.affinity.remaining(home).longest())
        .isEqualTo(PrefixFixture.DURATION.plusSeconds(1));

    web.pool.change(edit -> edit.drain(home));
    CompletableFuture<Drained> drained =
        web.router.drain(home, Duration.ofDays(1)).toCompletableFuture();
    assertThat(drained).isNotDone();
    web.clock.advance(PrefixFixture.DURATION.plusSeconds(1));
    assertThat(web.affinity.remaining(home).isNothing()).isTrue();
  }

  // Chains and exchanges.

  @Test
  void inAChain_thePrefixIsPutOn_whicheverAffinityRouted() {
    LbCookieAffinity<Request, Response> lb =
        LbCookieAffinity.builder(web.pool, Response.ACCESS).build();
    HttpRouter<Request, Response> chain = web.router(web.affinity.orElse(lb));
    Route first = alice.visit(chain, AppFixture.sets("SID=5A"));

    assertThat(first.affinity()).isEqualTo(1);
    assertThat(alice.cookie("SID")).matches(SIGNED + "5A");
    assertThat(alice.cookie("limpet-web")).isNotEmpty();
    Route next = chain.route(alice.request());
    assertThat(next).hasToString("KEPT " + Browser.id(first));
    assertThat(next.affinity()).isZero();
    assertThat(chain.fieldsToBackend(alice.request()))
        .isEqualTo(Map.of("Cookie", List.of("SID=5A")));
  }

  @Test
  void anExchange_doesWhatTheSeparateCallsDo() {
    try (StickyExchange<Request, Response> exchange = web.router.begin(Request.of())) {
      Response response = AppFixture.sets("SID=5A");
      exchange.responded(response);
      alice.take(response);
      try (StickyExchange<Request, Response> next = web.router.begin(alice.request())) {
        assertThat(next.route()).hasToString("KEPT " + Browser.id(exchange.route()));
        assertThat(next.fieldsToBackend()).isEqualTo(Map.of("Cookie", List.of("SID=5A")));
        assertThat(next.connectFailed()).isTrue();
        assertThat(next.route().outcome()).isEqualTo(Outcome.LENT);
        Response moved = AppFixture.sets("SID=5A");
        next.responded(moved);
        alice.take(moved);
        assertThat(web.router.route(alice.request()))
            .hasToString("KEPT " + Browser.id(next.route()));
      }
    }
  }

  @Test
  void endSession_leavesTheApplicationsCookieAlone() {
    alice.visit(web.router, AppFixture.sets("SID=5A"));
    Response response = AppFixture.sets("SID=; Max-Age=0");
    web.router.endSession(alice.request(), response);

    assertThat(response.changes()).isZero();
  }

  @Test
  void onlyItsOwnPool_isAccepted() {
    Pool other = Pool.of("other", LbFixture.backend("a"));
    Pool twin = Pool.of("web", LbFixture.backend("a"));

    assertThatThrownBy(() -> HttpRouter.of(other, web.affinity))
        .hasMessage("pool: other (expected: the affinity's own, web)");
    assertThatThrownBy(() -> HttpRouter.of(twin, web.affinity))
        .hasMessage("pool: web (expected: the affinity's own Pool object, not another one of that"
            + " name)");
  }

  @Test
  void theAffinity_saysWhatItIs() {
    PrefixCookieAffinity<Request, Response> usual =
        PrefixCookieAffinity.builder(web.pool, Response.ACCESS, "SID").build();

    assertThat(usual).hasToString("PrefixCookieAffinity[SID, pool web]");
    assertThat(usual.session())
        .isEqualTo(
            StickySession.custom().withDuration(Duration.ofHours(24)).withMode(Mode.ABSOLUTE));
    assertThat(usual.environment()).isSameAs(web.environment);
    assertThat(usual.failover()).isEqualTo(Failover.LEND);
    assertThat(usual.learns()).isTrue();
    assertThat(usual.access()).isSameAs(Response.ACCESS);
    assertThat(usual.unbind(1, "a")).isFalse();
    assertThat(web.affinity(b -> b.environment(Environment.local())).environment())
        .isSameAs(Environment.local());
  }

  @Test
  void invalidSettings_areAllNamed() {
    assertThatThrownBy(() -> PrefixCookieAffinity.builder(web.pool, Response.ACCESS, "a b")
            .duration(Duration.ofMillis(1500))
            .build())
        .isInstanceOf(FaultException.class)
        .hasMessageContaining("cookieName: \"a b\" (expected: an RFC 6265 token; ' ' at index 1)")
        .hasMessageContaining("duration: PT1.5S (expected: PT1S..PT8760H, in whole seconds)");
    for (Duration duration : List.of(Duration.ZERO, Duration.ofDays(365).plusSeconds(1))) {
      assertThatThrownBy(() -> web.affinity(b -> b.duration(duration)))
          .hasMessageStartingWith("duration: " + duration + " (expected: ");
    }
    assertThat(web.affinity(b -> b.duration(Duration.ofDays(365)))).isNotNull();
    assertThat(web.affinity(b -> b.duration(Duration.ofSeconds(1)))).isNotNull();
  }

  @Test
  void noObject_showsASecretOrATokenOrAValue() {
    alice.visit(web.router, AppFixture.sets("SID=the-value"));
    Route route = web.router.route(alice.request());
    String token = alice.cookie("SID").split("~", -1)[0];

    Set<Object> objects =
        Reachable.from(web.router, route, web.affinity).collect(Collectors.toSet());

    assertThat(objects.stream().map(Object::getClass))
        .contains(PrefixReader.class, TokenRing.class, SetCookieMarker.class);
    assertThat(objects)
        .allSatisfy(
            object -> assertThat(String.valueOf(object)).doesNotContain(token, "the-value"));
  }
}
