package dev.limpet.l7;

import static dev.limpet.core.KeyExtractor.NONE;
import static dev.limpet.core.KeyExtractor.UNUSABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.Environment;
import dev.limpet.core.FaultException;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.Reason;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.l7.MapAccess.Message;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpKeyTest {
  private static final HttpAccess<Message, Message> ACCESS = new MapAccess();
  private static final KeyHasher HASHER = Environment.local().hasher();
  private static final HttpKey<Message> HEADER = HttpKey.header(ACCESS, "X-Session");
  private static final HttpKey<Message> COOKIE = HttpKey.cookie(ACCESS, "sid");
  private static final HttpKey<Message> QUERY = HttpKey.query(ACCESS, "id");
  private static final HttpKey<Message> PATH = HttpKey.pathParameter(ACCESS, "id");

  private static Message with(String name, String... values) {
    Message request = new Message();
    for (String value : values) {
      request.add(name, value);
    }
    return request;
  }

  private static Message to(String target) {
    Message request = new Message();
    request.target = target;
    return request;
  }

  private static long header(String... values) {
    return HEADER.key(with("x-session", values), HASHER);
  }

  private static long cookie(String... fields) {
    return COOKIE.key(with("Cookie", fields), HASHER);
  }

  private static long query(String target) {
    return QUERY.key(to(target), HASHER);
  }

  private static long path(String target) {
    return PATH.key(to(target), HASHER);
  }

  private static long key(String value) {
    return HASHER.string(value);
  }

  /** A place of values, and how a request with a value there is made. */
  record Place(HttpKey<Message> key, Function<String, Message> request) {
    @Override
    public String toString() {
      return key.toString();
    }
  }

  static Stream<Place> places() {
    return Stream.of(
        new Place(HEADER, value -> with("X-Session", value)),
        new Place(COOKIE, value -> with("Cookie", "a=b; sid=" + value + "; c=d")),
        new Place(QUERY, value -> to("/cart?a=b&id=" + value + "&c=d")),
        new Place(PATH, value -> to("/cart;a=b;id=" + value + ";c=d/items;id=no?id=no")));
  }

  @ParameterizedTest
  @MethodSource("places")
  void aValue_hasTheSameKeyEverywhere(Place place) {
    assertThat(place.key.key(place.request.apply("abc-123"), HASHER)).isEqualTo(key("abc-123"));
    assertThat(place.key.key(place.request.apply("a\"=~"), HASHER)).isEqualTo(key("a\"=~"));
    assertThat(place.key.key(place.request.apply("\u00e4\u00ff"), HASHER))
        .isEqualTo(key("\u00e4\u00ff"));
  }

  // At most 256 octets, or as many as are set (L9).

  @ParameterizedTest
  @MethodSource("places")
  void aValueThatIsTooLong_isUnusable(Place place) {
    assertThat(place.key.key(place.request.apply("x".repeat(256)), HASHER))
        .isEqualTo(key("x".repeat(256)));
    assertThat(place.key.key(place.request.apply("x".repeat(257)), HASHER)).isEqualTo(UNUSABLE);
    assertThat(place.key.withMaxLength(3).key(place.request.apply("abc"), HASHER))
        .isEqualTo(key("abc"));
    assertThat(place.key.withMaxLength(3).key(place.request.apply("abcd"), HASHER))
        .isEqualTo(UNUSABLE);
    assertThat(place.key.withMaxLength(8_192).key(place.request.apply("x".repeat(8_192)), HASHER))
        .isEqualTo(key("x".repeat(8_192)));
  }

  @Test
  void lengths_areThoseOfOctets() {
    assertThat(QUERY.withMaxLength(3).key(to("/?id=%61%62%63"), HASHER)).isEqualTo(key("abc"));
    assertThat(QUERY.withMaxLength(3).key(to("/?id=%C3%A9%C3%A9"), HASHER)).isEqualTo(UNUSABLE);
    assertThat(QUERY.withMaxLength(3).key(to("/?id=%6"), HASHER)).isEqualTo(key("%6"));
    assertThat(HEADER.withMaxLength(3).key(with("X-Session", "\u00e9\u00e9\u00e9"), HASHER))
        .isEqualTo(key("\u00e9\u00e9\u00e9"));
    assertThat(HEADER.withMaxLength(3).key(with("X-Session", "\u20ac"), HASHER))
        .isEqualTo(key("\u20ac"));
    assertThat(HEADER.withMaxLength(2).key(with("X-Session", "\u20ac"), HASHER))
        .isEqualTo(UNUSABLE);
    assertThat(HEADER.withMaxLength(1).key(with("X-Session", "\u0416"), HASHER))
        .isEqualTo(UNUSABLE);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 8_193})
  void lengthsOutOfRange_areRefused(int octets) {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> HEADER.withMaxLength(octets))
        .withMessage("maxLength: " + octets + " (expected: 1..8192 octets)");
  }

  @ParameterizedTest
  @MethodSource("places")
  void aValueThatIsEmptyOrWhiteSpace_isNoKey(Place place) {
    assertThat(place.key.key(place.request.apply(""), HASHER)).isEqualTo(NONE);
    assertThat(place.key.key(place.request.apply(" \t "), HASHER)).isEqualTo(NONE);
    assertThat(place.key.key(new Message(), HASHER)).isEqualTo(NONE);
  }

  // Headers.

  @Test
  void blanksAroundAHeader_doNotCount() {
    assertThat(header("\t abc d  ")).isEqualTo(key("abc d"));
    assertThat(header("abc, d")).isEqualTo(key("abc, d"));
  }

  @Test
  void severalHeaders_areOneIfTheyAreEqual() {
    assertThat(header("abc", "abc ", "", "abc")).isEqualTo(key("abc"));
    assertThat(header("", " ", "abc")).isEqualTo(key("abc"));
    assertThat(header("abc", "abd")).isEqualTo(UNUSABLE);
    assertThat(header("abc", "", "abd")).isEqualTo(UNUSABLE);
    assertThat(header("abc", "x".repeat(257))).isEqualTo(UNUSABLE);
    assertThat(header("", "")).isEqualTo(NONE);
  }

  // Cookies.

  @Test
  void theFirstCookieThatIsNotEmpty_counts() {
    assertThat(cookie("sid=", "xsid=1; SID=2;sid = abc ; sid=d")).isEqualTo(key("abc"));
    assertThat(cookie("sidx=1", "a=sid=2")).isEqualTo(NONE);
    assertThat(cookie("sid=\"abc\"")).isEqualTo(key("\"abc\""));
  }

  // Queries.

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\0',
      value = {
        "/?id=abc",
        "/a;b/c?id=abc",
        "?id=abc",
        "https://host/?id=abc",
        "/?id=abc#id=no",
        "/?id=abc?",
        "/?&&a=1&id=abc&id=no",
        "/?xid=1&idx=2&ID=3&i=4&id=abc",
        "/?a%62c=1&i%64=abc",
        "/?%69%64=a%62c",
        "/?id=%61%62%63",
        "/?id=a%62c&id=x",
        "/?id=abc&",
        "/?a=%&id=abc",
        "/?a=%2&id=abc",
        "/?a=id=no&id=abc",
      })
  void aQuery_isDecodedAndItsFirstValueCounts(String target) {
    String expected = target.endsWith("abc?") ? "abc?" : "abc";
    assertThat(query(target)).isEqualTo(key(expected));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "/",
        "/?",
        "/?&",
        "/id=abc",
        "/;id=abc",
        "/?id",
        "/?id=",
        "/?id&id=abc",
        "/?id=&id=abc",
        "/?id=+%20%09%0A&id=abc",
        "/?x=;id=abc",
        "/#?id=abc",
        "/?a#&id=abc",
        "/?i%6&i%6=abc",
        "/?id%3Dabc",
        "/?=abc"
      })
  void aQueryWithoutTheValue_hasNoKey(String target) {
    assertThat(query(target)).isEqualTo(NONE);
  }

  @Test
  void escapesInAQuery_standForOctets_andMalformedOnesForThemselves() {
    assertThat(query("/?id=a+b")).isEqualTo(key("a b")).isEqualTo(query("/?id=a%20b"));
    assertThat(query("/?id=a%2Bb")).isEqualTo(key("a+b"));
    assertThat(query("/?id=%26%3d")).isEqualTo(key("&="));
    assertThat(query("/?id=%C3%A9"))
        .isEqualTo(query("/?id=\u00c3\u00a9"))
        .isEqualTo(key("\u00c3\u00a9"));
    assertThat(query("/?id=%zz%4")).isEqualTo(key("%zz%4"));
    assertThat(query("/?id=%&a=62")).isEqualTo(key("%"));
    assertThat(query("/?id=%%361")).isEqualTo(key("%61"));
    assertThat(query("/?id=%\u0666\u0661")).isEqualTo(key("%\u0666\u0661"));
    assertThat(query("/?id=%2561")).as("decoded once").isEqualTo(key("%61"));
  }

  @Test
  void namesOfAQuery_areComparedInUtf8() {
    HttpKey<Message> key = HttpKey.query(ACCESS, "gr\u00f6\u00dfe x");

    assertThat(key.key(to("/?gr%C3%B6%C3%9Fe+x=7"), HASHER)).isEqualTo(key("7"));
    assertThat(key.key(to("/?gr%F6%DFe+x=7"), HASHER)).isEqualTo(NONE);
  }

  // Paths.

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/cart;id=abc",
        "/cart;id=abc/items",
        "/a;x=1/b;y;id=abc;id=no/c;id=no",
        "/;id=abc?id=no",
        "/;id=abc#;id=no",
        "/;xid=1;idx=2;ID=3;id=a%62c",
        "/;;id=abc",
        ";id=abc",
        "http://host/;id=abc",
        "http://host;id=no/;id=abc",
        "/x://y;id=abc"
      })
  void aPathParameter_isInAnySegment(String target) {
    assertThat(path(target)).isEqualTo(key("abc"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "/",
        "/id=abc",
        "/cart/id=abc",
        "/?;id=abc",
        "/#;id=abc",
        "/;id",
        "/;id=/;id=abc",
        "/;id/;id=abc",
        "/;i%64=abc",
        "/;a/id=abc",
        "/;",
        "/;id=%20",
        "http://host;id=abc"
      })
  void aPathWithoutTheValue_hasNoKey(String target) {
    assertThat(path(target)).isEqualTo(NONE);
  }

  @Test
  void aPlusInAPath_standsForItself() {
    assertThat(path("/;id=a+b%2B%")).isEqualTo(key("a+b+%"));
    assertThat(path("/;id=a%3Bb%2Fc%3Fd")).isEqualTo(key("a;b/c?d"));
    assertThat(path("/;id=a=b&c")).isEqualTo(key("a=b&c"));
  }

  @Test
  void aTargetThatIsTooLong_isUnusable() {
    String longest = "/" + "a".repeat(TargetParameter.SCAN_LIMIT - 8) + "?id=abc";

    assertThat(query(longest)).isEqualTo(key("abc"));
    assertThat(query("/" + longest)).isEqualTo(UNUSABLE);
    assertThat(path("/" + longest)).isEqualTo(UNUSABLE);
    assertThat(query(longest.replace("?id=", "?if="))).isEqualTo(NONE);
  }

  // Names.

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a=b", "a;b", "\u00e4", "a:"})
  void namesThatAreNoTokens_areRefused(String name) {
    assertThatExceptionOfType(FaultException.class)
        .isThrownBy(() -> HttpKey.header(ACCESS, name))
        .withMessageStartingWith("name: \"")
        .withMessageContaining("an RFC 9110 token");
    assertThatExceptionOfType(FaultException.class).isThrownBy(() -> HttpKey.cookie(ACCESS, name));
  }

  @Test
  void namesThatNoTargetHas_areRefused() {
    assertThatExceptionOfType(FaultException.class).isThrownBy(() -> HttpKey.query(ACCESS, ""));
    for (String name : List.of("", "a;", "a/b", "a?", "#", "a=b")) {
      assertThatExceptionOfType(FaultException.class)
          .isThrownBy(() -> HttpKey.pathParameter(ACCESS, name))
          .withMessageStartingWith("name: \"" + name);
    }
    assertThatNullPointerException().isThrownBy(() -> HttpKey.query(null, "id"));
  }

  @Test
  void text_hasThePlaceAndTheName() {
    assertThat(Stream.of(HEADER, COOKIE, QUERY, PATH).map(HttpKey::toString))
        .containsExactly(
            "HttpKey[header X-Session]",
            "HttpKey[cookie sid]",
            "HttpKey[query id]",
            "HttpKey[path parameter id]");
  }

  // With a router (L9).

  @Test
  void aValueThatIsTooLong_belongsToNoSessionAndIsCounted() {
    KeyExtractor<Message> either = HEADER.orElse(QUERY);
    StickyRouter<Message> router = StickyRouter.of(
        Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b")),
        KeyAffinity.builder(either).build());
    Message bad = with("X-Session", "x".repeat(257));
    bad.target = "/?id=abc";

    Route route = router.route(bad);

    assertThat(route.outcome()).isEqualTo(Outcome.UNBOUND);
    assertThat(route.reason()).isEqualTo(Reason.UNUSABLE_KEY);
    assertThat(router.stats().count(Reason.UNUSABLE_KEY)).isEqualTo(1);
    assertThat(router.route(to("/?id=abc")).outcome()).isEqualTo(Outcome.NEW);
    assertThat(router.route(with("X-Session", "abc")).outcome()).isEqualTo(Outcome.KEPT);
  }

  @ParameterizedTest
  @CsvSource({"'', NEW", "' ', NEW"})
  void anEmptyValue_leavesTheRequestToTheNextExtractor(String value, Outcome outcome) {
    StickyRouter<Message> router = StickyRouter.of(
        Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b")),
        KeyAffinity.builder(HEADER.orElse(QUERY)).build());
    Message request = with("X-Session", value);
    request.target = "/?id=abc";

    assertThat(router.route(request).outcome()).isEqualTo(outcome);
    assertThat(router.route(to("/?id=abc")).outcome()).isEqualTo(Outcome.KEPT);
  }
}
