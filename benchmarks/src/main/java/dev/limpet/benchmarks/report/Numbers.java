package dev.limpet.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers. */
final class Numbers {
  private Numbers() {}

  /** Returns a number with three significant digits, or as a whole number if it has more. */
  static String shown(double number) {
    double size = Math.abs(number);
    if (size == 0) {
      return "0";
    }
    if (size < 0.001) {
      return rounded(number, 2);
    }
    return String.format(Locale.ROOT, "%,." + decimals(size) + "f", number);
  }

  /**
   * Returns a number with four significant digits, or as a whole number, without trailing zeros.
   */
  static String exact(double number) {
    return (Math.abs(number) >= 1000) ? rounded(Math.rint(number), 0) : rounded(number, 4);
  }

  private static String rounded(double number, int digits) {
    BigDecimal rounded = new BigDecimal(number, new MathContext(digits));
    return rounded.stripTrailingZeros().toPlainString();
  }

  /** Returns a whole number with separated thousands, and any other text as it is. */
  static String grouped(String text) {
    return isWhole(text) ? String.format(Locale.ROOT, "%,d", Long.parseLong(text)) : text;
  }

  static boolean isWhole(String text) {
    return text.matches("\\d{1,18}");
  }

  private static int decimals(double size) {
    if (size >= 99.95) {
      return 0;
    }
    if (size >= 9.995) {
      return 1;
    }
    return (size >= 0.9995) ? 2 : (size >= 0.09995) ? 3 : 4;
  }
}
