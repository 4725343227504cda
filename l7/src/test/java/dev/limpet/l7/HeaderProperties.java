package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Outcome;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Laws of fields that identify sessions. */
class HeaderProperties {
  private final HeaderFixture web = new HeaderFixture();

  @Provide
  Arbitrary<String> ids() {
    return Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(100);
  }

  @Property
  void aBackendGetsItsOwnIdBack_byteForByte(@ForAll("ids") String id, @ForAll String principal) {
    HttpRouter<Call, Response> router = web.router(web.sealed().boundTo(call -> principal));
    Response response = HeaderFixture.sets(id);
    Route begun = Call.post().answered(router, response);
    Call next = HeaderFixture.with(HeaderFixture.value(response));

    assertThat(router.route(next)).hasToString("KEPT " + HeaderFixture.id(begun));
    assertThat(router.fieldsToBackend(next)).isEqualTo(Map.of(HeaderFixture.NAME, List.of(id)));
  }

  @Property
  void aTokenWithOneOtherCharacter_isNone(
      @ForAll("ids") String id, @ForAll @IntRange(max = 10_000) int at, @ForAll char other) {
    HttpRouter<Call, Response> router = web.router(web.sealed());
    Response response = HeaderFixture.sets(id);
    Call.post().answered(router, response);
    String token = HeaderFixture.value(response);
    int index = at % token.length();
    String changed = token.substring(0, index) + other + token.substring(index + 1);

    assertThat(router.route(HeaderFixture.with(changed)).outcome())
        .isEqualTo(changed.equals(token) ? Outcome.KEPT : Outcome.REFUSED);
  }

  @Property
  void aPrincipal_isToldApartFromEveryOther(@ForAll String one, @ForAll String other) {
    HeaderRing ring = ring();
    String token = ring.seal("id", "a", one, web.pool.snapshot());

    assertThat(ring.open(token, one).original()).isEqualTo("id");
    assertThat(ring.open(token, null).original()).isNull();
    assertThat(ring.open(token, other).original() == null).isEqualTo(!one.equals(other));
  }

  private HeaderRing ring() {
    TokenLife life =
        new TokenLife(web.sealed().build().session(), Duration.ofSeconds(1), web.clock);
    return new HeaderRing(CookieKeys.random(), "sealed x", "web", life);
  }

  @Property
  void eachArrayHasOneSpelling(@ForAll byte[] bytes) {
    String text = Base64Url.encode(bytes);

    assertThat(Base64Url.decode(text)).isEqualTo(bytes);
    assertThat(text).hasSize(Base64Url.length(bytes.length));
  }

  @Property
  void aTextThatCanBeDecoded_isTheSpellingOfItsBytes(@ForAll("almostBase64") String text) {
    byte[] bytes = Base64Url.decode(text);

    assertThat(bytes == null || Base64Url.encode(bytes).equals(text)).isTrue();
  }

  @Provide
  Arbitrary<String> almostBase64() {
    return Arbitraries.strings()
        .withChars("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=é")
        .ofMaxLength(20);
  }

  /** A model: an id belongs to the backend that set it first, until that backend forgets it. */
  @Property(tries = 300)
  void aLearnedId_belongsToTheBackendThatSetItFirst(
      @ForAll long seed, @ForAll @Size(max = 60) List<@IntRange(max = 3) Integer> steps) {
    HttpRouter<Call, Response> router = web.router(web.learned());
    Random random = new Random(seed);
    Map<String, String> model = new HashMap<>();
    for (int step : steps) {
      String id = "id" + random.nextInt(5);
      Call call = random.nextBoolean() ? Call.post() : HeaderFixture.with(id);
      Route route = router.route(call);
      String backend = HeaderFixture.id(route);
      boolean asked = !call.field(HeaderFixture.NAME).isEmpty();
      if (asked && model.containsKey(id)) {
        assertThat(route).hasToString("KEPT " + model.get(id));
      }
      switch (step) {
        case 0 -> router.onResponse(call, route, Response.ok());
        case 1 -> {
          router.onResponse(call, route, HeaderFixture.sets(id));
          model.putIfAbsent(id, backend);
        }
        case 2 -> {
          router.onResponse(call, route, Response.of(404));
          if (asked) {
            model.remove(id, backend);
          }
        }
        default -> router.onResponse(call, route, Response.of(500).with(HeaderFixture.NAME, id));
      }
    }
    for (Map.Entry<String, String> bound : model.entrySet()) {
      assertThat(router.route(HeaderFixture.with(bound.getKey())))
          .hasToString("KEPT " + bound.getValue());
    }
    assertThat(web.table.size()).isEqualTo(model.size());
  }

  @Property
  void anyValue_isRoutedOrRefused_andNeverThrows(@ForAll List<String> values) {
    List<String> received = new ArrayList<>(values);
    Call call = Call.post().with(HeaderFixture.NAME, received.toArray(String[]::new));
    for (HeaderAffinity.Builder<Call, Response> each :
        List.of(web.learned(), web.sealed(), web.issued())) {
      HttpRouter<Call, Response> router = web.router(each);
      Route route = router.route(call);
      router.onResponse(
          call, route, Response.ok().with(HeaderFixture.NAME, received.toArray(String[]::new)));
      assertThat(route.backend() == null).isEqualTo(route.outcome() == Outcome.REFUSED);
    }
  }
}
