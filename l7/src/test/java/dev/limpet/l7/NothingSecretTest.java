package dev.limpet.l7;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.limpet.core.KeyHasher;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
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
  private static final byte[] HASHER_SECRET = "another-secret-nobody-may-read!!".getBytes(US_ASCII);
  private static final String VALUE = "a-session-id-of-the-application";

  private final Pool pool = Pool.of("web", LbFixture.backend("a"), LbFixture.backend("b"));
  private final CookieKeys keys =
      CookieKeys.builder().signing(1, SECRET).verifyOnly(2, HASHER_SECRET).build();
  private final KeyHasher hasher = KeyHasher.of(HASHER_SECRET);
  private final Browser alice = new Browser();

  @Test
  void noObjectOfSignedOrEncryptedCookies_showsASecretOrAToken() {
    for (boolean encrypted : new boolean[] {false, true}) {
      LbCookieAffinityBuilder<Request, Response> builder = LbCookieAffinity.builder(
              pool, Response.ACCESS)
          .keys(keys)
          .hasher(hasher)
          .encrypted(encrypted);
      HttpRouter<Request, Response> router = HttpRouter.of(pool, builder.build());
      Browser browser = new Browser();
      Route first = browser.visit(router);
      Route second = browser.visit(router);
      String token = browser.cookie("limpet-web");

      Set<Object> objects = Reachable.from(
              router,
              builder,
              first,
              second,
              router.peek(browser.request()),
              router.reroute(browser.request(), second),
              CookieKeys.builder().signing(1, SECRET))
          .collect(Collectors.toSet());

      assertThat(objects.stream().map(Object::getClass))
          .contains(TokenRing.class, TokenKey.class, CookieKeys.class, KeyHasher.class)
          .contains(encrypted ? EncryptedToken.class : SignedToken.class);
      assertThat(objects).allSatisfy(object -> assertShowsNoneOf(String.valueOf(object), token));
    }
  }

  @Test
  void noObjectOfAppCookies_showsASecretOrAValue() {
    AppCookieAffinity.Builder<Request, Response> builder = AppCookieAffinity.builder(
            Response.ACCESS)
        .session(StickySession.appCookie("SID"))
        .hasher(hasher);
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
            catchThrowable(() -> KeyHasher.of(shortSecret)))
        .toList();

    assertThat(thrown).hasSize(5).doesNotContainNull();
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

  private static void assertShowsNoneOf(String shown, String... values) {
    assertThat(shown).doesNotContain(values);
    for (byte[] secret : new byte[][] {SECRET, HASHER_SECRET}) {
      assertThat(shown)
          .doesNotContain(new String(secret, US_ASCII))
          .doesNotContain(Base64.getEncoder().encodeToString(secret).substring(0, 40))
          .doesNotContainIgnoringCase(HexFormat.of().formatHex(secret))
          .doesNotContain(Arrays.toString(secret));
    }
  }
}
