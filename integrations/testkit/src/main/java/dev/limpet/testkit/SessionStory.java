package dev.limpet.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sessions while all backends serve: a part of {@link StickyStory}. */
abstract class SessionStory extends StoryScene {
  private static final String SESSION = APP_COOKIE + "=1A; Path=/; HttpOnly";
  private static final String THEME = "theme=dark; Path=/; Expires=Wed, 21 Oct 2037 07:28:00 GMT";
  private static final int BODY_SIZE = 100_000;

  /** No multiple of the number of backends, so that each round of requests begins elsewhere. */
  private static final int SESSIONS = 10;

  /** Enough, because one in three sessions stays on its backend by chance. */
  private static final int LOG_OUTS = 20;

  SessionStory() {}

  @Test
  void firstResponse_setsTheLbCookie() throws Exception {
    startWithLbCookie();
    RawMessage first = newClient().get();

    assertThat(first.status()).isEqualTo(200);
    assertThat(first.fields("Set-Cookie")).hasSize(1);
  }

  @Test
  void lbCookieSessions_stick_askedInRandomOrder() throws Exception {
    startWithLbCookie();
    Map<RawClient, String> homes = new LinkedHashMap<>();
    for (int i = 0; i < SESSIONS; i++) {
      RawClient client = newClient();
      homes.put(client, ask(client));
    }

    assertThat(homes.values().stream().distinct()).hasSizeGreaterThan(1);
    assertStick(homes);
  }

  @Test
  void lbCookie_isKeptFromTheBackend() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    client.get();

    assertThat(client.cookies()).hasSize(1);
    assertThat(Echo.of(client.get()).request().fields("Cookie")).isEmpty();
    client.withCookie("theme", "dark");
    assertThat(Echo.of(client.get()).request().fields("Cookie")).containsExactly("theme=dark");
  }

  @Test
  void applicationsCookies_passUntouched() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String[] asked = {RawBackend.setCookie(SESSION), RawBackend.setCookie(THEME)};

    assertThat(client.get(asked).fields("Set-Cookie"))
        .as("the application's two and the LB cookie")
        .hasSize(3)
        .containsSubsequence(SESSION, THEME);
    assertThat(client.get(asked).fields("Set-Cookie")).containsExactly(SESSION, THEME);
  }

  @Test
  void post_arrivesWholeAndSticks() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    byte[] body = body();

    Echo first = Echo.of(client.post(body));
    assertThat(first.bodyDigest()).isEqualTo(Echo.digest(body));
    for (int i = 0; i < 4; i++) {
      Echo kept = Echo.of(client.post(body));
      assertThat(kept.backend()).isEqualTo(first.backend());
      assertThat(kept.bodyDigest()).isEqualTo(Echo.digest(body));
    }
  }

  @Test
  void requestsOfOneConnection_closeTheirRoutesOneByOne() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String home = begin(client);
    RawConnection connection = client.connect();

    for (int i = 0; i < 3; i++) {
      connection.sendGet(RawBackend.SILENT);
      awaitWaiting(1);
      awaitOpenRoutes(1);
      backend(home).release();
      assertThat(Echo.of(connection.answer()).backend()).isEqualTo(home);
      awaitOpenRoutes(0);
    }
  }

  @Test
  void drain_keepsSessionsAndTakesNoNewOnes() throws Exception {
    startWithLbCookie();
    RawClient client = newClient();
    String drained = ask(client);

    proxy().drain(drained);

    assertStays(client, drained);
    for (int i = 0; i < SESSIONS; i++) {
      assertThat(ask(newClient())).isNotEqualTo(drained);
    }
  }

  @Test
  void appCookieSessions_areLearnedAndStick_askedInRandomOrder() throws Exception {
    startWithAppCookie();
    Map<RawClient, String> homes = new LinkedHashMap<>();
    for (int i = 0; i < SESSIONS; i++) {
      RawClient client = newClient();
      homes.put(client, logIn(client, "1A" + i));
    }

    assertThat(homes.values().stream().distinct()).hasSizeGreaterThan(1);
    assertStick(homes);
  }

  @Test
  void appCookie_passesBothWaysUntouched() throws Exception {
    startWithAppCookie();
    RawClient client = newClient();

    assertThat(client.get(RawBackend.setCookie(SESSION)).fields("Set-Cookie"))
        .containsExactly(SESSION);
    assertThat(Echo.of(client.get()).request().fields("Cookie"))
        .containsExactly(APP_COOKIE + "=1A");
  }

  @Test
  void logOut_isUnlearned() throws Exception {
    startWithAppCookie();
    boolean hasLeft = false;

    for (int i = 0; i < LOG_OUTS && !hasLeft; i++) {
      RawClient client = newClient();
      String home = logIn(client, "1A" + i);
      assertStays(client, home);
      assertThat(ask(client, RawBackend.setCookie(APP_COOKIE + "=; Path=/; Max-Age=0")))
          .isEqualTo(home);
      client.withCookie(APP_COOKIE, "1A" + i); // the client keeps it after the log-out
      hasLeft = !ask(client).equals(home);
    }

    assertThat(hasLeft)
        .as("whether one of %s sessions left after its log-out", LOG_OUTS)
        .isTrue();
  }

  /** Begins a session of an app cookie, and returns where. */
  static String logIn(RawClient client, String value) throws IOException {
    String home = ask(client, RawBackend.setCookie(APP_COOKIE + '=' + value + "; Path=/"));
    assertThat(client.cookies()).isEqualTo(Map.of(APP_COOKIE, value));
    return home;
  }

  /** A body that is longer than what proxies keep in one buffer. */
  static byte[] body() {
    byte[] body = new byte[BODY_SIZE];
    new Random(7).nextBytes(body);
    return body;
  }
}
