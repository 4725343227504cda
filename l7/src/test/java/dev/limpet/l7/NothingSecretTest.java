package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.internal.Hmac;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What Limpet's objects say of themselves. */
class NothingSecretTest {
  private static final byte[] SECRET = "the-secret-that-nobody-may-read!".getBytes(US_ASCII);
  private static final byte[] ENVIRONMENT_SECRET =
      "another-secret-nobody-may-read!!".getBytes(US_ASCII);
  private static final String VALUE = "a-session-id-of-the-application";

  private final Pool pool = Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"));
  private final CookieKeys keys =
      CookieKeys.builder().signing(1, SECRET).verifyOnly(2, ENVIRONMENT_SECRET).build();
  private final Environment environment = Environment.of(ENVIRONMENT_SECRET);
  private final Browser alice = new Browser();

  @Test
  void noObjectOfSignedOrEncryptedCookies_showsASecretOrAToken() {
    for (boolean encrypted : new boolean[] {false, true}) {
      LbCookieAffinityBuilder<Request, Response> builder = LbCookieAffinity.builder(
              pool, Response.ACCESS)
          .keys(keys)
          .environment(environment)
          .encrypted(encrypted);
      HttpRouter<Request, Response> router = HttpRouter.of(pool, builder.build());
      Browser browser = new Browser();
      Route first = browser.visit(router);
      Route second = browser.visit(router);
      String token = browser.cookie("limpet-web");

      Set<Object> objects = Reachable.from(
              router,
              builder,
              HttpRouter.builder(pool, builder.build()),
              first,
              second,
              router.peek(browser.request()),
              router.reroute(browser.request(), second),
              CookieKeys.builder().signing(1, SECRET))
          .collect(Collectors.toSet());

      assertThat(objects.stream().map(Object::getClass))
          .contains(TokenRing.class, TokenKey.class, CookieKeys.class)
          .contains(Environment.class, KeyHasher.class, Hmac.class)
          .contains(encrypted ? EncryptedToken.class : SignedToken.class);
      assertThat(objects).allSatisfy(object -> assertShowsNoneOf(String.valueOf(object), token));
    }
  }

  @Test
  void noObjectOfACountingPool_showsTheSecretOfItsEnvironmentOrWhatFollowsFromIt() {
    Pool counting = Pool.builder("web")
        .backends(List.of(LbFixture.backend("a")))
        .environment(environment)
        .countConnections()
        .build();
    HttpRouter<Request, Response> router = HttpRouter.of(
        counting, LbCookieAffinity.builder(counting, Response.ACCESS).build());
    try (Route route = alice.visit(router)) {
      Set<Object> objects =
          Reachable.from(router, route, CookieKeys.of(environment)).collect(Collectors.toSet());

      assertThat(objects.stream().map(object -> object.getClass().getSimpleName()))
          .contains("Environment", "KeyHasher", "Hmac", "TokenKey", "HeldRoutes", "Hold");
      assertThat(objects)
          .allSatisfy(
              object -> assertShowsNoneOf(String.valueOf(object), alice.cookie(LbFixture.COOKIE)));
    }
  }

  @Test
  void noObjectOfAppCookies_showsASecretOrAValue() {
    AppCookieAffinity.Builder<Request, Response> builder = AppCookieAffinity.builder(
            Response.ACCESS)
        .session(StickySession.appCookie("SID"))
        .environment(environment);
    HttpRouter<Request, Response> router = HttpRouter.of(pool, builder.build());
    Response response = Response.ok().with("Set-Cookie", "SID=" + VALUE + "; Path=/");
    Route first = alice.visit(router, response);
    Route second = alice.visit(router);

    assertThat(Reachable.from(
            router,
            builder,
            first,
            second,
            router.peek(alice.request()),
            SetCookieField.all(response.setCookies(), "SID")))
        .anyMatch(SetCookieField.class::isInstance)
        .anyMatch(Environment.class::isInstance)
        .allSatisfy(object -> assertShowsNoneOf(String.valueOf(object), VALUE));
  }

  @Test
  void noExceptionOfABuilder_showsASecret() {
    byte[] shortSecret = Arrays.copyOf(SECRET, 31);
    List<Throwable> thrown = Stream.<Throwable>of(
            catchThrowable(() -> CookieKeys.builder().signing(1, shortSecret).build()),
            catchThrowable(() -> keys.with(3, shortSecret)),
            catchThrowable(() -> keys.with(1, SECRET)),
            catchThrowable(() -> keys.signingBy(7)),
            catchThrowable(() -> CookieKeys.parse(new String(SECRET, US_ASCII))),
            catchThrowable(() -> CookieKeys.parse("1:" + new String(SECRET, US_ASCII))),
            catchThrowable(() -> CookieKeys.parse("1:hex:" + new String(SECRET, US_ASCII))),
            catchThrowable(() -> CookieKeys.parse(HexFormat.of().formatHex(SECRET) + ":1")),
            catchThrowable(() -> Environment.of(shortSecret)))
        .toList();

    assertThat(thrown).hasSize(9).doesNotContainNull();
    assertThat(thrown)
        .allSatisfy(e -> assertShowsNoneOf(
            e.toString(), new String(shortSecret, US_ASCII), Arrays.toString(shortSecret)));
  }

  @Test
  void anExceptionOfAMisusedRouter_showsNoToken() {
    HttpRouter<Request, Response> router = HttpRouter.of(
        pool, LbCookieAffinity.builder(pool, Response.ACCESS).keys(keys).build());
    alice.visit(router);
    pool.change(edit -> edit.down("a").down("b"));
    Route nowhere = router.route(alice.request());

    assertThatThrownBy(() -> router.reroute(alice.request(), nowhere))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> assertShowsNoneOf(e.toString(), alice.cookie("limpet-web")));
  }

  private void assertShowsNoneOf(String shown, String... values) {
    assertThat(shown).doesNotContain(values);
    byte[] derived = environment.secret("limpet lb-cookie");
    for (byte[] secret : new byte[][] {SECRET, ENVIRONMENT_SECRET, derived}) {
      assertThat(shown)
          .doesNotContain(new String(secret, US_ASCII))
          .doesNotContain(Base64.getEncoder().encodeToString(secret).substring(0, 40))
          .doesNotContainIgnoringCase(HexFormat.of().formatHex(secret))
          .doesNotContain(Arrays.toString(secret));
    }
  }
}
