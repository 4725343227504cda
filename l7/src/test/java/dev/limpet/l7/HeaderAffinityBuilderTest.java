package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.limpet.core.FaultException;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickySession.Mode;
import dev.limpet.core.StickyTable;
import dev.limpet.core.table.CaffeineStickyTable;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The settings of a header affinity. */
class HeaderAffinityBuilderTest {
  private static final StickySession ABSOLUTE = StickySession.custom().withMode(Mode.ABSOLUTE);

  private final HeaderFixture web = new HeaderFixture();

  @Test
  void defaults_areThoseOfTheKind() {
    assertThat(web.learned().build().session())
        .isEqualTo(StickySession.custom().withDuration(Duration.ofMinutes(30)));
    assertThat(web.sealed().build().session())
        .isEqualTo(ABSOLUTE.withDuration(Duration.ofHours(24)));
    assertThat(web.issued().build().session()).isEqualTo(web.sealed().build().session());
    assertThat(web.sealed().build().environment()).isEqualTo(web.environment);
    assertThat(web.sealed().build().endsWithBackend()).isTrue();
    assertThat(web.sealed().build().failover()).isNull();
    assertThat(HeaderAffinity.learned(Call.ACCESS, "X").build().endsWithBackend())
        .isFalse();
    assertThat(HeaderAffinity.learned(Call.ACCESS, "X").build().table().capacity())
        .isEqualTo(1_000_000);
    assertThat(web.learned().build().access()).isEqualTo(Call.ACCESS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a:b", "é", "a\n"})
  void aName_isAToken(String name) {
    assertThatThrownBy(() -> HeaderAffinity.learned(Call.ACCESS, name).build())
        .isInstanceOf(FaultException.class)
        .hasMessageStartingWith("name: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 0, -1, 8_193})
  void maxLength_isFrom16To8192(int length) {
    assertThatThrownBy(() -> web.learned().maxLength(length).build())
        .hasMessage("maxLength: " + length + " (expected: 16..8192)");
    assertThatCode(() -> web.learned().maxLength(16).build()).doesNotThrowAnyException();
    assertThatCode(() -> web.sealed().maxLength(8_192).build()).doesNotThrowAnyException();
  }

  @Test
  void tokens_cannotSlide_andTheMessageNamesTheWayOut() {
    assertThatThrownBy(() -> web.sealed().session(StickySession.custom()).build())
        .hasMessage("mode: sliding (expected: absolute, because the client keeps its token;"
            + " or HeaderAffinity.learned)");
    assertThatThrownBy(() -> web.issued().session(StickySession.custom()).build())
        .hasMessageContaining("mode: sliding (expected: absolute");
  }

  @Test
  void sessionsAreOfTheTypeCustom_andOfTokensInWholeSeconds() {
    assertThatThrownBy(() -> web.learned().session(StickySession.lbCookie()).build())
        .hasMessage("type: lb-cookie (expected: custom)");
    assertThatThrownBy(() -> web.sealed()
            .session(ABSOLUTE.withDuration(Duration.ofMillis(1_500)))
            .build())
        .hasMessage("duration: PT1.5S (expected: whole seconds)");
    assertThatThrownBy(
            () -> web.sealed().session(ABSOLUTE.withDuration(Duration.ZERO)).build())
        .hasMessageContaining("duration: ");
    assertThatThrownBy(() -> web.learned()
            .session(StickySession.custom().withDuration(Duration.ofDays(366)))
            .build())
        .hasMessageContaining("duration: ");
  }

  @Test
  void statuses_areThoseThatCanBe() {
    assertThatThrownBy(() -> web.learned().forgetOn(404, 200, 600).build())
        .hasMessage("forgetOn: 200 (expected: 300..599); forgetOn: 600 (expected: 300..599)");
    assertThatThrownBy(() -> web.issued().notOn(99).build())
        .hasMessage("notOn: 99 (expected: 100..599)");
  }

  @Test
  void settingsOfAnotherKind_areRefusedTogether() {
    CookieKeys keys = CookieKeys.random();
    assertThatThrownBy(() -> web.learned().keys(keys).notOn(500).build())
        .hasMessage("keys: set (expected: absent if the field is learned; or"
            + " HeaderAffinity.sealed or issued);"
            + " notOn: set (expected: absent if the field is learned; or HeaderAffinity.issued)");
    assertThatThrownBy(() -> web.sealed()
            .table((session, environment) -> table())
            .forgetOn(404)
            .notOn(500)
            .build())
        .hasMessageContainingAll("table: set", "forgetOn: set", "notOn: set");
    assertThatThrownBy(() -> web.issued()
            .table((session, environment) -> table())
            .forgetOn(404)
            .maxLength(100)
            .unknown(HeaderAffinity.Unknown.ROUTE)
            .build())
        .hasMessageContainingAll("table: set", "forgetOn: set", "maxLength: set", "unknown: set");
  }

  @Test
  void oneOfSeveralProxies_cannotRefuseWhatItDoesNotKnow() {
    StickyTable shared = new LateTable(table()) {
      @Override
      public boolean isShared() {
        return true;
      }
    };
    assertThatThrownBy(() -> web.learned()
            .table((session, environment) -> shared)
            .unknown(HeaderAffinity.Unknown.REFUSE)
            .build())
        .hasMessage("unknown: REFUSE (expected: ROUTE with a table that proxies share)");
    assertThatCode(() -> web.learned().table((session, environment) -> shared).build())
        .doesNotThrowAnyException();
  }

  @Test
  void nulls_areRefusedAtOnce() {
    assertThatThrownBy(() -> HeaderAffinity.learned(null, "X"))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> HeaderAffinity.sealed(null, Call.ACCESS, "X"))
        .isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> web.learned().boundTo(null)).isInstanceOf(NullPointerException.class);
    assertThatThrownBy(() -> web.sealed().build().rotate(null))
        .isInstanceOf(NullPointerException.class);
  }

  private static CaffeineStickyTable table() {
    return CaffeineStickyTable.of(StickySession.custom(), 10);
  }
}
