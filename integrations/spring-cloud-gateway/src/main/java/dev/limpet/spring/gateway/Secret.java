package dev.limpet.spring.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** A property that must not be shown. Immutable. */
final class Secret {
  /** The text that stands for any secret. */
  static final String HIDDEN = "hidden";

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** Returns a secret. Any text is accepted, because a message about a wrong one would show it. */
  public static Secret of(String text) {
    return new Secret(text);
  }

  String text() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Secret that
        && MessageDigest.isEqual(text.getBytes(UTF_8), that.text.getBytes(UTF_8));
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** Returns a text without the secret. */
  @Override
  public String toString() {
    return HIDDEN;
  }
}
