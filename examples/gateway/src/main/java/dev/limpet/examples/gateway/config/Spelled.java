package dev.limpet.examples.gateway.config;

import java.util.Locale;

/** Spells values as the file and the API do. */
public final class Spelled {
  private Spelled() {}

  /** Returns a value of an enum in lower case and with hyphens, such as {@code source-ip}. */
  public static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
