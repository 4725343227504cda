package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Route;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Of the Set-Cookie fields of a backend's response, one a line. */
class SetCookieFuzzTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final LbFixture WEB = new LbFixture();

  @FuzzTest
  void aFieldIsParsedIfItSetsTheCookie_andStaysIfItDoesNot(byte[] input) {
    List<String> fields = fields(input);

    List<String> theirs = SetCookieField.without(fields, "SID");

    assertThat(theirs)
        .isEqualTo(fields.stream()
            .filter(field -> SetCookieField.parse(field, "SID") == null)
            .toList());
    List<SetCookieField> ours = SetCookieField.all(fields, "SID");
    assertThat(ours).hasSize(fields.size() - theirs.size());
    for (SetCookieField field : ours) {
      assertThat(field.value()).doesNotContain(";").doesNotStartWith(" ").doesNotEndWith(" ");
      assertThat(field.maxAge() == null || Math.abs(field.maxAge()) <= Integer.MAX_VALUE)
          .isTrue();
      assertThat(field.isDeletion(NOW) || !field.value().isEmpty()).isTrue();
    }
  }

  @FuzzTest
  void anAppCookieIsBoundIfItIsSetLast_andAnotherIsNot(byte[] input) {
    AppFixture app = new AppFixture(Failover.MOVE, 100, Environment.of(LbFixture.secret(1)));
    List<String> fields = fields(input);
    Request request = Request.of("SID=own");
    Response response = Response.ok().with("Set-Cookie", fields.toArray(String[]::new));

    app.router.onResponse(request, app.router.route(request), response);

    assertThat(response.changes()).isZero();
    List<SetCookieField> all = SetCookieField.all(fields, "SID");
    long learned =
        all.stream().filter(field -> !field.isDeletion(app.clock.instant())).count();
    assertThat(app.router.responseStats().learned()).isLessThanOrEqualTo(learned);
    assertThat(app.router.responseStats().learned() == 0).isEqualTo(learned == 0);
  }

  @FuzzTest
  void anLbCookieIsSetByTheRouterAlone(byte[] input) {
    List<String> fields = fields(input);
    Response response = Response.ok().with("Set-Cookie", fields.toArray(String[]::new));
    Route route = WEB.router.route(Request.of());

    WEB.router.onResponse(Request.of(), route, response);

    List<String> sent = response.setCookies();
    String last = sent.get(sent.size() - 1);
    assertThat(last).matches("limpet-web=[\\w-]{44}; Path=/; HttpOnly; SameSite=Lax");
    assertThat(sent.subList(0, sent.size() - 1))
        .isEqualTo(SetCookieField.without(fields, LbFixture.COOKIE));
  }

  private static List<String> fields(byte[] input) {
    return List.of(new String(input, StandardCharsets.ISO_8859_1).split("\n", -1));
  }
}
