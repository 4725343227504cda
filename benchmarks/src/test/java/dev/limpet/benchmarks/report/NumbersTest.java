package dev.limpet.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.00001234, 0.000012",
    "0.0123, 0.0123",
    "0.2, 0.200",
    "1.034, 1.03",
    "9.996, 10.0",
    "33.33, 33.3",
    "99.97, 100",
    "1408.4, '1,408'",
    "-12.34, -12.3"
  })
  void shown_hasThreeDigitsThatCount(double number, String shown) {
    assertThat(Numbers.shown(number)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"1.0341, 1.034", "60, 60", "0.875, 0.875", "123456.7, 123457", "1000, 1000"})
  void exact_hasFourDigitsAndNoIdleZeros(double number, String exact) {
    assertThat(Numbers.exact(number)).isEqualTo(exact);
  }

  @Test
  void spread_showsItsEndsOnlyWhereTheyDiffer() {
    assertThat(Spread.of(3, 1, 2)).isEqualTo(new Spread(2, 1, 3)).hasToString("2.00 (1.00–3.00)");
    assertThat(Spread.of(4, 1, 2, 3).median()).isEqualTo(2.5);
    assertThat(Spread.of(7, 7)).hasToString("7.00");
    assertThatThrownBy(Spread::of).hasMessage("values: none (expected: 1 or more)");
  }
}
