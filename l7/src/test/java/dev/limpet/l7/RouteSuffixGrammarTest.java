package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.l7.SuffixFixture.Targeted;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Where a session id and its route are read. "hashed" means that there is an id with an unknown
 * route, "none" that there is no id with a route.
 */
class RouteSuffixGrammarTest {
  private final SuffixFixture app = new SuffixFixture();

  /** The route is everything after the first dot. A path parameter comes before the cookie. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/app/index.jsp;jsessionid=5A.node2 | -                       | node2",
        "/app/index.jsp                     | JSESSIONID=5A.node2     | node2",
        "/app;jsessionid=5A.node1           | JSESSIONID=5A.node2     | node1",
        "/app                               | JSESSIONID=5A           | none",
        "/app                               | JSESSIONID=5A.          | none",
        "/app                               | JSESSIONID=5A.node9     | hashed",
        "/app                               | JSESSIONID=5A.NODE2     | hashed",
        "/app                               | a=b; JSESSIONID=5A.node2; c=d | node2",
        "/app                               | XJSESSIONID=5A.node2    | none",
        "/app                               | jsessionid=5A.node2     | none",
      })
  void idsAsOfHttpd(String target, String cookie, String expected) {
    assertThat(app.routed(Targeted.of(target, cookie))).isEqualTo(expected);
  }

  /**
   * A parameter ends at '?', ';' or '/'. Several ids are tried in order; an empty id is ignored.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/a;jsessionid=5A.node3?x=.node1             | -                   | node3",
        "/a;jsessionid=5A.node3;x=1                  | -                   | node3",
        "/a;jsessionid=5A.node3/b.node1              | -                   | node3",
        "/a;v=1;jsessionid=5A.node3                  | -                   | node3",
        "/a;jsessionid=5A.node9;jsessionid=5B.node2  | -                   | node2",
        "/a;jsessionid=5A.node1;jsessionid=5B.node2  | -                   | node1",
        "/a;jsessionid=;jsessionid=5B.node2          | -                   | node2",
        "/a;jsessionid=.node1;jsessionid=5B.node2    | -                   | node2",
        "/a;jsessionid=.node1                        | -                   | none",
        "/a;jsessionid=5A                            | JSESSIONID=5A.node2 | node2",
        "/a;jsessionid=5A.node9                      | JSESSIONID=5B.node2 | node2",
        "/a?x=;jsessionid=5A.node3                   | -                   | none",
        "/a;jsessionidx=5A.node3                     | -                   | none",
        "/a;jsessionid                               | -                   | none",
        "/jsessionid=5A.node3                        | -                   | none",
        "/a | JSESSIONID=5A.node9; JSESSIONID=5B.node1                     | node1",
        "/a | JSESSIONID=5A; JSESSIONID=.node2; JSESSIONID=5B.node1        | node1",
        "/a | JSESSIONID=5A.node3; JSESSIONID=5B.node1                     | node3",
      })
  void idsAsOfModJk(String target, String cookie, String expected) {
    assertThat(app.routed(Targeted.of(target, cookie))).isEqualTo(expected);
  }

  /** One route ends at a second dot, unless the whole rest is a route. */
  @ParameterizedTest
  @CsvSource({
    "s1.node1, node1",
    "s1.node1.node2, node1",
    "s1.node1., node1",
    "s1.node9.node2, hashed",
    "s1..node2, hashed",
    "s1.n.4, node3",
    "s1.n.4.x, hashed",
  })
  void oneRouteAsOfUndertow(String value, String expected) {
    SuffixFixture mapped = new SuffixFixture(
        b -> b.routes(Map.of("node1", "node1", "node2", "node2", "n.4", "node3")));

    assertThat(mapped.routedBy(value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "s1.node1.node2, node1",
    "s1.node3.node1.node2, node1",
    "s1.node9.node2, node2",
    "s1..node2., node2",
    "s1..., hashed",
    "s1.node8.node9, hashed",
    "s1.node3, LENT",
    "s1.node3.node9, LENT",
    "s1, none",
  })
  void rankedRoutesAsOfUndertow_theFirstThatCanServe(String value, String expected) {
    SuffixFixture ranked = new SuffixFixture(b -> b.ranked(true));
    ranked.pool.change(edit -> edit.down("node3"));

    assertThat(ranked.routedBy(value)).startsWith(expected);
  }

  @Test
  void rankedRoutes_only16AreTried() {
    SuffixFixture ranked = new SuffixFixture(b -> b.ranked(true));

    assertThat(ranked.routedBy("s1" + ".x".repeat(15) + ".node2")).isEqualTo("node2");
    assertThat(ranked.routedBy("s1" + "..x".repeat(15) + ".node2")).isEqualTo("node2");
    assertThat(ranked.routedBy("s1" + ".x".repeat(16) + ".node2")).isEqualTo("hashed");
  }

  @ParameterizedTest
  @ValueSource(chars = {'.', '!', '~', '-', '_', ':'})
  void everySeparatorSplitsAtItsFirst(char separator) {
    SuffixFixture other = new SuffixFixture(b -> b.separator(separator));

    assertThat(other.routedBy("5A" + separator + "node2")).isEqualTo("node2");
    assertThat(other.routedBy("5A" + separator + "node2" + separator + "node1")).isEqualTo("node2");
    assertThat(other.routedBy(separator + "node2")).isEqualTo("none");
    assertThat(other.routedBy("5A|node2")).isEqualTo("none");
  }

  @Test
  void cookieFirst_isTriedBeforeThePath() {
    SuffixFixture cookieFirst = new SuffixFixture(b -> b.cookieFirst(true));

    String path = "/;jsessionid=5A.node1";
    assertThat(cookieFirst.routed(Targeted.of(path, "JSESSIONID=5B.node2"))).isEqualTo("node2");
    assertThat(cookieFirst.routed(Targeted.of(path, "JSESSIONID=5B.node9"))).isEqualTo("node1");
    assertThat(cookieFirst.routed(Targeted.of(path))).isEqualTo("node1");
  }

  @Test
  void withoutAPathParameter_theTargetIsNotRead() {
    SuffixFixture cookies = new SuffixFixture(b -> b.pathParameter(null));
    Targeted request = Targeted.of("/;jsessionid=5A.node1", "JSESSIONID=5B.node2");
    assertThat(cookies.routed(request)).isEqualTo("node2");

    request.target = null;
    assertThat(cookies.routed(request)).isEqualTo("node2");
    assertThat(app.routed(request)).isEqualTo("node2");
  }

  @Test
  void otherNames_areRead() {
    SuffixFixture other = new SuffixFixture(b -> b.cookieName("sid").pathParameter("s"));

    assertThat(other.routed(Targeted.of("/;s=5A.node1"))).isEqualTo("node1");
    assertThat(other.routed(Targeted.of("/;jsessionid=5A.node1", "sid=5B.node3")))
        .isEqualTo("node3");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "\"5A.node2\", node2",
        "\"5A.node2, node2",
        "5A.node2\", hashed",
        "\"5A\".node2, node2",
        "\"\", none",
        "\", none",
      })
  void quotesAroundAValue_areTakenOff(String value, String expected) {
    assertThat(app.routedBy(value)).isEqualTo(expected);
  }

  @Test
  void aMapNamesRoutes_andOnlyThose() {
    SuffixFixture mapped =
        new SuffixFixture(b -> b.routes(Map.of("r1", "node1", "r2", "node2", "r9", "node9")));

    assertThat(mapped.routedBy("5A.r1")).isEqualTo("node1");
    assertThat(mapped.routedBy("5A.r2")).isEqualTo("node2");
    assertThat(mapped.routedBy("5A.r9")).isEqualTo("hashed");
    assertThat(mapped.routedBy("5A.node1")).isEqualTo("hashed");
    assertThat(mapped.routedBy("5A.node3")).isEqualTo("hashed");
  }

  @Test
  void routesFollowThePool() {
    assertThat(app.routedBy("5A.node4")).isEqualTo("hashed");
    app.pool.change(edit -> edit.add(LbFixture.backend("node4").withGeneration("2")));
    assertThat(app.routedBy("5A.node4")).isEqualTo("node4");
    app.pool.change(edit -> edit.remove("node4"));
    assertThat(app.routedBy("5A.node4")).isEqualTo("hashed");
  }

  @Test
  void anIdOfMoreThan4096Characters_isNone() {
    String id = "a".repeat(4096 - ".node2".length());

    assertThat(app.routedBy(id + ".node2")).isEqualTo("node2");
    assertThat(app.routedBy("\"" + id + ".node2\"")).isEqualTo("node2");
    assertThat(app.routedBy("a" + id + ".node2")).isEqualTo("none");
    assertThat(app.routed(Targeted.of("/;jsessionid=" + id + ".node2"))).isEqualTo("node2");
    assertThat(app.routed(Targeted.of("/;jsessionid=a" + id + ".node2"))).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "\u0001", "\n", "\u001f", "\u007f"})
  void anIdWithAControlCharacter_isNone(String control) {
    assertThat(app.routedBy("5" + control + "A.node2")).isEqualTo("none");
    assertThat(app.routedBy("5A.node2." + control + "x")).isEqualTo("none");
    assertThat(app.routed(Targeted.of("/;jsessionid=5A" + control + ".node2"))).isEqualTo("none");
  }

  @Test
  void eightIdsOfEachKindAreTried() {
    String seven = cookies(7);
    assertThat(app.routed(Targeted.cookies(seven + "; JSESSIONID=5A.node2"))).isEqualTo("node2");
    assertThat(app.routed(Targeted.cookies(seven, "JSESSIONID=5A.x; JSESSIONID=5A.node2")))
        .isEqualTo("hashed");

    String path = "/" + ";jsessionid=5A.x".repeat(7);
    assertThat(app.routed(Targeted.of(path + ";jsessionid=5A.node2"))).isEqualTo("node2");
    assertThat(app.routed(Targeted.of(path + ";jsessionid=5A.x;jsessionid=5A.node2")))
        .isEqualTo("hashed");
  }

  private static String cookies(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "JSESSIONID=" + i + ".x")
        .collect(Collectors.joining("; "));
  }

  @Test
  void ofATarget_64KibiAreRead() {
    String id = ";jsessionid=5A.node2";
    String whole = "/" + "a".repeat(PathParameter.SCAN_LIMIT - 1 - id.length()) + id;

    assertThat(app.routed(Targeted.of(whole))).isEqualTo("node2");
    assertThat(app.routed(Targeted.of(whole + "?x"))).isEqualTo("node2");
    assertThat(app.routed(Targeted.of(whole + "x"))).isEqualTo("none");
    assertThat(app.routed(Targeted.of("a" + whole))).isEqualTo("none");
    assertThat(app.routed(Targeted.of("a".repeat(id.length()) + whole))).isEqualTo("none");
  }
}
