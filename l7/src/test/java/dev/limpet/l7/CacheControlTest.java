package dev.limpet.l7;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CacheControlTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "private",
        "no-store",
        "no-cache",
        "PRIVATE",
        "No-Store",
        " private ",
        "public, private",
        "max-age=0,no-store",
        "private=\"Set-Cookie\"",
        "no-cache=\"set-cookie\"",
        "no-cache=\"X, SET-COOKIE\"",
        "private=set-cookie",
        "x=\"a,b\\\"\", private",
        "x=\"a, private\", no-cache",
        ",, private,,",
        "max-age = 1 , private"
      })
  void protectsCookies(String value) {
    assertThat(CacheControl.protectsCookies(List.of(value))).isTrue();
    assertThat(CacheControl.protectsCookies(List.of("public", value))).isTrue();
  }

  @Test
  void noStoreDoesNotProtect_whereACacheNeedNotHeedIt() {
    assertThat(CacheControl.protectsCookies(List.of("no-store, must-understand")))
        .isFalse();
    assertThat(CacheControl.protectsCookies(List.of("Must-Understand", "no-store")))
        .isFalse();
    assertThat(CacheControl.protectsCookies(List.of("no-store, must-understand, private")))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "public",
        "max-age=60",
        "s-maxage=60, public",
        "privately",
        "x-private",
        "private=\"X\"",
        "no-cache=\"Set-Cookie2\"",
        "x=\"private\"",
        "x=\"a, private, b\"",
        "x=\"\\\", no-store\"",
        "private=",
        "private=\"\"",
        "no-cache=\"",
        "x=\"private",
        "must-revalidate",
        "\"private\"",
        "x=\"\\"
      })
  void doesNotProtectCookies(String value) {
    assertThat(CacheControl.protectsCookies(List.of(value))).isFalse();
  }

  @Test
  void withPrivateKeepsWhatIsThere() {
    assertThat(CacheControl.withPrivate(List.of())).containsExactly("private");
    assertThat(CacheControl.withPrivate(List.of("public, max-age=60")))
        .containsExactly("public, max-age=60", "private");
  }
}
