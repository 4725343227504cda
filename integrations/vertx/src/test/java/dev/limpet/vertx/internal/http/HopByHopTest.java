package dev.limpet.vertx.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HopByHopTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connection",
        "keep-alive",
        "proxy-connection",
        "proxy-authenticate",
        "proxy-authorization",
        "http2-settings",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade"
      })
  void isDroppedInAnyCase(String name) {
    assertThat(passed(List.of(), name, name.toUpperCase(Locale.ROOT), "x-" + name))
        .containsExactly("x-" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "t",
        "tE ",
        "ta",
        "trailers",
        "upgrades",
        "keep_alive",
        "host",
        "transfer-encodinG2"
      })
  void isPassedOn(String name) {
    assertThat(passed(List.of(), name)).containsExactly(name);
  }

  @Test
  void dropsWhatConnectionNamesInAnyCase() {
    List<String> connection = List.of("close, X-One", "x-two ,,keep-alive");

    assertThat(passed(connection, "x-one", "X-TWO", "x-three")).containsExactly("x-three");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization",
        "cache-control",
        "content-encoding",
        "content-length",
        "content-type",
        "Cookie",
        "HOST",
        "set-cookie"
      })
  void doesNotDropWhatNobodyMayName(String name) {
    assertThat(passed(List.of(name), name)).containsExactly(name);
  }

  private static List<String> passed(List<String> connection, String... names) {
    HopByHop dropped = HopByHop.of(connection);
    return Arrays.stream(names).filter(name -> !dropped.contains(name)).toList();
  }
}
