package dev.limpet.undertow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Settings are checked when they are made, and backends when the proxy is made. */
class StickyProxyBuilderTest {
  private static final Backend PLAIN = Backend.of("b1", "10.0.0.1", 80);

  @Test
  void router_isNeeded() {
    assertThatNullPointerException()
        .isThrownBy(() -> StickyProxy.builder(null))
        .withMessage("router");
  }

  @Test
  void times_areInRange() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN).connectTimeout(Duration.ZERO))
        .withMessage("connectTimeout: PT0S (expected: PT0.001S..PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN).idleTimeout(Duration.ofDays(2)))
        .withMessage("idleTimeout: PT48H (expected: PT0.001S..PT24H)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN).idleTimeout(Duration.ofSeconds(Long.MAX_VALUE)));
    builder(PLAIN).connectTimeout(Duration.ofMillis(1)).idleTimeout(Duration.ofDays(1));
  }

  @Test
  void connectionsPerThread_isOneOrMore() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN).connectionsPerThread(0))
        .withMessage("connectionsPerThread: 0 (expected: 1 or more)");
  }

  @Test
  void backendsOfHttps_needSsl() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN.withScheme("https")).handler())
        .withMessage("scheme: https of 10.0.0.1:80 (expected: http, or ssl on the builder)");
  }

  @Test
  void otherSchemes_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(PLAIN.withScheme("ajp")).client())
        .withMessage("scheme: ajp of 10.0.0.1:80 (expected: http or https)");
  }

  @Test
  void hosts_canStandInAUri() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(Backend.of("b1", "my_host", 80)).client())
        .withMessage("host: my_host (expected: a host of a URI, RFC 3986)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder(Backend.of("b1", "my host", 80)).client());
    assertThat(builder(Backend.of("b1", "::1", 80)).handler()).isNotNull();
  }

  private static StickyProxyBuilder builder(Backend backend) {
    return StickyProxy.builder(TestProxy.router(Pool.of("web", backend)));
  }
}
