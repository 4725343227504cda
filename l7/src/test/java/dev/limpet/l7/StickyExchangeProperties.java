package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Failover;
import dev.limpet.core.PoolEdit;
import dev.limpet.core.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;

/**
 * An exchange against the router's separate calls, in two worlds alike: whatever the pool, the
 * clocks, the keys and the client do, both give the same answers.
 */
class StickyExchangeProperties {
  private static final int REQUESTS = 30;
  private static final int MAX_KEY = 8;

  @Tag("slow")
  @Property(tries = 150)
  void anExchangeDoesWhatTheSeparateCallsDo(
      @ForAll ExchangeWorld.Kind kind,
      @ForAll boolean counts,
      @ForAll Failover failover,
      @ForAll long seed) {
    Comparison comparison = new Comparison(
        new ExchangeWorld(kind, counts, failover),
        new ExchangeWorld(kind, counts, failover),
        new SplittableRandom(seed));
    for (int i = 0; i < REQUESTS; i++) {
      comparison.request();
    }
  }

  /** Requests that are made in two worlds. */
  private static final class Comparison {
    private final ExchangeWorld separate;
    private final ExchangeWorld exchanging;
    private final SplittableRandom random;
    private final List<String> tokens = new ArrayList<>(List.of("bad"));
    private int signing = 1;

    Comparison(ExchangeWorld separate, ExchangeWorld exchanging, SplittableRandom random) {
      this.separate = separate;
      this.exchanging = exchanging;
      this.random = random;
    }

    void request() {
      advance(Duration.ofSeconds(random.nextInt(400)));
      if (random.nextInt(15) == 0) {
        advance(ExchangeWorld.DURATION.multipliedBy(2));
      }
      change();
      String user = random.nextBoolean() ? "" : "user-" + random.nextInt(3);
      Sent given = Sent.of(cookies()).with("User", user);
      List<String> cookies = given.cookies();
      Sent changing = Sent.of(cookies).with("User", user);
      boolean unbound = random.nextInt(10) == 0;

      Route route = unbound ? separate.router.routeUnbound(given) : separate.router.route(given);
      StickyExchange<Sent, Response> exchange =
          unbound ? exchanging.router.beginUnbound(changing) : exchanging.router.begin(changing);
      changing.remove("Cookie");
      assertSame(exchange, route);

      between();
      assertThat(exchange.fieldsToBackend()).isEqualTo(separate.router.fieldsToBackend(given));
      while (route.backend() != null && random.nextInt(4) == 0) {
        route = separate.router.reroute(given, route);
        assertThat(exchange.connectFailed()).isEqualTo(route.backend() != null);
        assertSame(exchange, route);
        between();
      }
      if (random.nextInt(10) == 0) {
        endSession(given, exchange);
      }
      respond(given, route, exchange);
      if (random.nextInt(10) == 0) {
        endSession(given, exchange);
      }
      route.close();
      exchange.close();
      assertThat(exchanging.stats()).isEqualTo(separate.stats());
      assertThat(LbFixture.connections(exchanging.pool))
          .isEqualTo(LbFixture.connections(separate.pool));
    }

    private void assertSame(StickyExchange<Sent, Response> exchange, Route route) {
      assertThat(ExchangeWorld.shown(exchange.route())).isEqualTo(ExchangeWorld.shown(route));
    }

    private void respond(Sent given, Route route, StickyExchange<Sent, Response> exchange) {
      Response expected = response();
      Response actual = copy(expected);
      separate.router.onResponse(given, route, expected);
      exchange.responded(actual);
      assertSame(actual, expected);
      expected.setCookies().stream()
          .filter(field -> field.startsWith(LbFixture.COOKIE + '='))
          .map(field -> field.split("[=;]", -1)[1])
          .forEach(tokens::add);
    }

    private void endSession(Sent given, StickyExchange<Sent, Response> exchange) {
      Response expected = response();
      Response actual = copy(expected);
      separate.router.endSession(given, expected);
      exchange.endSession(actual);
      assertSame(actual, expected);
    }

    private static void assertSame(Response actual, Response expected) {
      for (String name : List.of("Set-Cookie", "Cache-Control", "X-Outcome")) {
        assertThat(actual.fields(name).stream().map(Comparison::withoutChance))
            .as(name)
            .isEqualTo(
                expected.fields(name).stream().map(Comparison::withoutChance).toList());
      }
      assertThat(actual.changes()).isEqualTo(expected.changes());
    }

    /** Tokens have a random byte, and an authentication code over it. */
    private static String withoutChance(String field) {
      String value = field.split("[=;]", -1)[1 % field.split("[=;]", -1).length];
      if (!field.startsWith(LbFixture.COOKIE + '=') || value.isEmpty()) {
        return field;
      }
      String said = "encrypted";
      if (value.length() == TokenText.SIGNED_LENGTH) {
        LbToken token = LbFixture.token(value);
        said = token.keyId() + " " + token.issuedAt() + " " + token.lastSeen() + " " + token.tag();
      }
      return field.replace(value, said);
    }

    private Response response() {
      Response response = Response.of(random.nextInt(8) == 0 ? 103 : 200);
      List<String> fields = new ArrayList<>();
      if (random.nextInt(3) == 0) {
        fields.add("SID=sid-" + random.nextInt(4) + "; Path=/");
      }
      if (random.nextInt(6) == 0) {
        fields.add("SID=; Max-Age=0");
      }
      if (random.nextInt(6) == 0) {
        fields.add(LbFixture.COOKIE + "=theirs; Path=/");
      }
      return fields.isEmpty()
          ? response
          : response.with("Set-Cookie", fields.toArray(String[]::new));
    }

    private static Response copy(Response response) {
      Response copy = Response.of(Response.ACCESS.status(response));
      String[] fields = response.setCookies().toArray(String[]::new);
      return (fields.length == 0) ? copy : copy.with("Set-Cookie", fields);
    }

    private List<String> cookies() {
      return IntStream.range(0, random.nextInt(3)).mapToObj(line -> line()).toList();
    }

    private String line() {
      List<String> pairs = new ArrayList<>();
      for (int left = 1 + random.nextInt(3); left > 0; left--) {
        pairs.add(
            switch (random.nextInt(4)) {
              case 0 -> "a=1";
              case 1 -> "SID=sid-" + random.nextInt(4);
              default -> LbFixture.COOKIE + '=' + token();
            });
      }
      return String.join("; ", pairs);
    }

    /** One of the last, most probably. */
    private String token() {
      int last = Math.min(tokens.size(), 1 + random.nextInt(4));
      return tokens.get(tokens.size() - last);
    }

    private void between() {
      if (random.nextInt(3) == 0) {
        advance(Duration.ofSeconds(random.nextInt(120)));
      }
      if (random.nextInt(4) == 0) {
        change();
      }
    }

    private void advance(Duration duration) {
      separate.advance(duration);
      exchanging.advance(duration);
    }

    private void change() {
      String id = List.of("a", "b", "c").get(random.nextInt(3));
      switch (random.nextInt(12)) {
        case 0 -> edit(edit -> edit.down(id));
        case 1 -> edit(edit -> edit.up("a").up("b").up("c"));
        case 2 -> edit(edit -> edit.drain(id));
        case 3 -> edit(edit -> edit.ready("a").ready("b").ready("c"));
        case 4 -> rotate();
        default -> {}
      }
    }

    private void edit(Consumer<PoolEdit> edit) {
      separate.pool.change(edit);
      exchanging.pool.change(edit);
    }

    private void rotate() {
      if (signing < MAX_KEY) {
        signing++;
        int verified = random.nextInt(3);
        separate.rotate(signing, verified);
        exchanging.rotate(signing, verified);
      }
    }
  }
}
