package dev.limpet.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstRequestTest {

  @ParameterizedTest
  @ValueSource(strings = {"source-ip", "lb-cookie"})
  void aClientIsBoundByEachKind(String kind) {
    assertThat(FirstRequest.nanos(kind)).isPositive();
  }

  @Test
  void aKindThatIsNone_isRefused() {
    assertThatThrownBy(() -> FirstRequest.nanos("header"))
        .hasMessage("kind: header (expected: source-ip or lb-cookie)");
  }
}
