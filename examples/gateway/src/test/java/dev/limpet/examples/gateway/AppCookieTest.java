package dev.limpet.examples.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cookies of the application: the field X-Set tells a backend which one to set. */
@Timeout(30)
class AppCookieTest {
  private TestBackend b1;
  private TestBackend b2;
  private TestGateway gateway;

  @BeforeEach
  void start() throws IOException {
    b1 = setter("b1");
    b2 = setter("b2");
    gateway = TestGateway.http(TestGateway.APP_COOKIE + "\nfailover: lend", b1, b2);
  }

  @AfterEach
  void stop() throws IOException {
    gateway.close();
    b1.close();
    b2.close();
  }

  @Test
  void withoutTheCookie_requestsTakeTurns() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(get()).isNotEqualTo(get());
    }
  }

  @Test
  void valueIsLearnedFromTheResponse() throws Exception {
    for (int i = 0; i < 6; i++) {
      String home = get("X-Set: SID=v" + i + "; Path=/; HttpOnly");
      for (int use = 0; use < 4; use++) {
        assertThat(get("Cookie: SID=v" + i)).isEqualTo(home);
        assertThat(get("Cookie: a=b", "Cookie: x=y; SID=v" + i + "; c=d")).isEqualTo(home);
      }
    }
  }

  @Test
  void cookies_passBothWaysUntouched() throws Exception {
    Message response = new Client(gateway.port()).get("X-Set: SID=v; Path=/", "Cookie: SID=u; a=1");
    assertThat(response.fields("set-cookie")).containsExactly("SID=v; Path=/");
    assertThat(response.fields("cache-control")).isEmpty();
    TestBackend backend = response.body().equals("b1") ? b1 : b2;
    assertThat(backend.last().fields("cookie")).containsExactly("SID=u; a=1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SID=; Max-Age=0",
        "SID=gone; Max-Age=0; Path=/",
        "SID=x; Max-Age=-1",
        "SID=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        "SID=",
      })
  void loggedOut_theSessionIsForgotten(String logout) throws Exception {
    boolean left = false;
    for (int i = 0; i < 40 && !left; i++) { // a hash chooses: one in two stays by chance
      String home = get("X-Set: SID=out" + i);
      assertThat(get("Cookie: SID=out" + i)).isEqualTo(home);
      assertThat(get("Cookie: SID=out" + i, "X-Set: " + logout)).isEqualTo(home);
      left = !get("Cookie: SID=out" + i).equals(home);
    }
    assertThat(left).isTrue();
  }

  @Test
  void inventedValues_stickByTheirHashAndSpread() throws Exception {
    Set<String> reached = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String home = get("Cookie: SID=invented" + i);
      reached.add(home);
      for (int use = 0; use < 3; use++) {
        assertThat(get("Cookie: SID=invented" + i)).isEqualTo(home);
      }
    }
    assertThat(reached).containsExactlyInAnyOrder("b1", "b2");
  }

  @Test
  void inventedValue_isNotBound() throws Exception {
    String value = "SID=" + invented("b1");
    gateway.pool().change(pool -> pool.drain("b1"));
    assertThat(get("Cookie: " + value)).isEqualTo("b2");
    gateway.pool().change(pool -> pool.ready("b1"));
    assertThat(get("Cookie: " + value)).isEqualTo("b1");
  }

  @Test
  void sameValueSetAgainWhileLent_leavesTheSessionAtHome() throws Exception {
    learnAt("b1", "v");
    b1.kill();
    assertThat(get("Cookie: SID=v", "X-Set: SID=v; Path=/")).isEqualTo("b2");
    b1.revive();
    assertThat(get("Cookie: SID=v")).isEqualTo("b1");
  }

  @Test
  void newValueLearnedWhileLent_belongsToWhoSetIt() throws Exception {
    learnAt("b1", "v");
    b1.kill();
    assertThat(get("Cookie: SID=v", "X-Set: SID=w; Path=/")).isEqualTo("b2");
    b1.revive();
    for (int i = 0; i < 4; i++) {
      assertThat(get("Cookie: SID=w")).isEqualTo("b2");
      assertThat(get("Cookie: SID=v")).isEqualTo("b1");
    }
  }

  @Test
  void severalValues_theFirstKnownOneCounts() throws Exception {
    learnAt("b1", "known");
    gateway.pool().change(pool -> pool.drain("b1"));
    for (int i = 0; i < 4; i++) {
      assertThat(get("Cookie: SID=unknown" + i + "; SID=known")).isEqualTo("b1");
      assertThat(get("Cookie: SID=; sid=known")).isEqualTo("b2");
    }
  }

  private void learnAt(String backend, String value) throws IOException {
    String other = backend.equals("b1") ? "b2" : "b1";
    gateway.pool().change(pool -> pool.drain(other));
    assertThat(get("X-Set: SID=" + value)).isEqualTo(backend);
    gateway.pool().change(pool -> pool.ready(other));
  }

  /** A value that nobody issued and whose hash chooses a backend. */
  private String invented(String backend) throws IOException {
    int i = 0;
    while (!get("Cookie: SID=invented" + i).equals(backend)) {
      i++;
    }
    return "invented" + i;
  }

  private String get(String... fields) throws IOException {
    return new Client(gateway.port()).get(fields).body();
  }

  private static TestBackend setter(String id) throws IOException {
    return TestBackend.http(id, request -> {
      String set = request.field("x-set");
      return (set == null) ? TestBackend.ok(id) : TestBackend.ok(id, "Set-Cookie: " + set + "\r\n");
    });
  }
}
