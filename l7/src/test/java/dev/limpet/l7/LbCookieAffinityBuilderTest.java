package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbCookieAffinityBuilderTest {
  private final LbFixture web = new LbFixture();

  @ParameterizedTest
  @CsvSource({
    "false, ,             limpet-web",
    "true,  ,             __Host-limpet-web",
    "false, SERVERID,     SERVERID",
    "true,  SERVERID,     __Host-SERVERID",
    "true,  __Host-x,     __Host-x",
    "true,  __host-x,     __host-x",
    "true,  __Secure-x,   __Secure-x",
    "true,  __Http-x,     __Http-x",
  })
  void nameGetsTheHostPrefixIfItIsSecureAndHasNone(boolean secure, String declared, String name) {
    StickySession session = LbFixture.sessions().withCookieName(declared);

    assertThat(web.affinity(b -> b.secure(secure).session(session)).cookieName())
        .isEqualTo(name);
  }

  static Stream<Arguments> faulty() {
    return Stream.of(
        fault(b -> b.sameSite(SameSite.NONE), "secure: false (expected: true with SameSite=None)"),
        fault(b -> b.partitioned(true), "secure: false (expected: true with Partitioned)"),
        fault(
            b -> b.hostPrefix(true),
            "secure: false (expected: true with a cookie name that starts with __Host-)"),
        fault(
            b -> b.session(named("__Secure-x")),
            "secure: false (expected: true with a cookie name that starts with __Secure-)"),
        fault(
            b -> b.session(named("__http-x")),
            "secure: false (expected: true with a cookie name that starts with __Http-)"),
        fault(
            b -> b.secure(true).domain("example.com"),
            "domain: \"example.com\" (expected: absent with a cookie name that starts with __Host-)"),
        fault(
            b -> b.secure(true).path("/app"),
            "path: \"/app\" (expected: / with a cookie name that starts with __Host-)"),
        fault(b -> b.path("app"), "path: \"app\" (expected: a path that starts with '/')"),
        fault(b -> b.path(""), "path: \"\" (expected: printable ASCII without ';')"),
        fault(
            b -> b.path("/a;b"),
            "path: \"/a;b\" (expected: printable ASCII without ';'; ';' at index 2)"),
        fault(
            b -> b.path("/a\r\nSet-Cookie: x"),
            "path: \"/a\\u000d\\u000aSet-Cookie: x\" (expected: printable ASCII without ';'; '\\u000d' at index 2)"),
        fault(b -> b.domain(""), "domain: \"\" (expected: a host name)"),
        fault(b -> b.domain("a;b"), "domain: \"a;b\" (expected: a host name; ';' at index 1)"),
        fault(
            b -> b.domain("a\u0000"),
            "domain: \"a\\u0000\" (expected: a host name; '\\u0000' at index 1)"),
        fault(
            b -> b.session(named("a b")),
            "cookieName: \"a b\" (expected: an RFC 6265 token; ' ' at index 1)"),
        fault(b -> b.session(named("")), "cookieName: \"\" (expected: an RFC 6265 token)"),
        fault(
            b -> b.session(named("a=b")),
            "cookieName: \"a=b\" (expected: an RFC 6265 token; '=' at index 1)"),
        fault(
            b -> b.session(StickySession.appCookie("x")), "type: app-cookie (expected: lb-cookie)"),
        fault(
            b -> b.session(StickySession.appCookie("x").withDuration(Duration.ZERO)),
            "type: app-cookie (expected: lb-cookie);"
                + " duration: PT0S (expected: PT1S..PT8760H at layer 7, in whole seconds)"
                + " [profile open]"),
        fault(
            b -> b.refreshThreshold(Duration.ZERO),
            "refreshThreshold: PT0S (expected: PT1S..PT16M, in whole seconds)"),
        fault(
            b -> b.refreshThreshold(Duration.ofSeconds(-1)),
            "refreshThreshold: PT-1S (expected: PT1S..PT16M, in whole seconds)"),
        fault(
            b -> b.refreshThreshold(Duration.ofMillis(1500)),
            "refreshThreshold: PT1.5S (expected: PT1S..PT16M, in whole seconds)"),
        fault(
            b -> b.refreshThreshold(Duration.ofSeconds(961)),
            "refreshThreshold: PT16M1S (expected: PT1S..PT16M, in whole seconds)"),
        fault(
            b -> b.refreshThreshold(Duration.ofSeconds(1))
                .session(LbFixture.sessions().withMode(Mode.ABSOLUTE)),
            "refreshThreshold: PT1S (expected: absent unless mode is sliding)"),
        fault(
            b -> b.sameSite(SameSite.NONE).path("x").domain(" "),
            "path: \"x\" (expected: a path that starts with '/');"
                + " domain: \" \" (expected: a host name; ' ' at index 0);"
                + " secure: false (expected: true with SameSite=None)"));
  }

  @ParameterizedTest
  @MethodSource("faulty")
  void faultySettings_areRefusedTogether(
      UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings, String message) {
    assertThatThrownBy(() -> web.affinity(settings))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT0S", "PT-1S", "PT1.5S", "PT8761H"})
  void durationsThatATokenCannotKeep_areRefused(Duration duration) {
    assertThatThrownBy(
            () -> web.affinity(b -> b.session(LbFixture.sessions().withDuration(duration))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "duration: " + duration + " (expected: PT1S..PT8760H at layer 7, in whole seconds)");
  }

  @Test
  void whatBrowsersIgnoreForItsLength_isRefused() {
    assertThat(web.affinity(b -> b.path("/" + "x".repeat(1_023)))).isNotNull();
    assertThat(web.affinity(b -> b.session(named("x".repeat(4_036))))).isNotNull();
    assertThatThrownBy(() ->
            web.affinity(b -> b.path("/" + "x".repeat(1_024)).session(named("x".repeat(4_037)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path: 1025 characters (expected: at most 1024);"
            + " cookieName: 4037 characters (expected: at most 4036)");
  }

  @Test
  void poolWhoseNameNoCookieCanHave_needsACookieName() {
    Pool pool = Pool.of("my pool", LbFixture.backend("a"));

    assertThatThrownBy(() -> LbCookieAffinity.builder(pool, Response.ACCESS).build())
        .hasMessage("pool: \"my pool\" (expected: a name that can be part of a cookie's name,"
            + " without the ' ' at index 2,"
            + " or session(StickySession.lbCookie().withCookieName(...)))");
    assertThatThrownBy(() -> LbCookieAffinity.builder(Pool.of("b\u00fc\n"), Response.ACCESS)
            .secure(true)
            .path("/app")
            .build())
        .hasMessageStartingWith("pool: \"b\\u00fc\\u000a\" (expected: a name that can be part of a"
            + " cookie's name, without the '\\u00fc' at index 1, or session(")
        .hasMessageEndingWith(
            "; path: \"/app\" (expected: / with a cookie name that starts with __Host-)");
    assertThat(LbCookieAffinity.builder(pool, Response.ACCESS)
            .session(named("x"))
            .build()
            .cookieName())
        .isEqualTo("x");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT16M"})
  void thresholdsFromASecondToTheDuration_areAccepted(Duration threshold) {
    assertThat(web.affinity(b -> b.refreshThreshold(threshold))).isNotNull();
  }

  private static StickySession named(String cookie) {
    return LbFixture.sessions().withCookieName(cookie);
  }

  private static Arguments fault(
      UnaryOperator<LbCookieAffinityBuilder<Request, Response>> settings, String message) {
    return Arguments.of(settings, message);
  }
}
