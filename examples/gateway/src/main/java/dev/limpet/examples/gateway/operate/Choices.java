package dev.limpet.examples.gateway.operate;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The types of sticky sessions that an owner may have.
 *
 * @param refusal the reason why it may have none at all; null if it may
 * @param types all types of the product, in its order: source IP, LB cookie, app cookie
 */
public record Choices(@Nullable String refusal, List<Type> types) {
  /**
   * A type of sticky session.
   *
   * @param type as the file spells it
   * @param label as the product spells it, such as {@code Source IP address}
   * @param refusal the reason why the owner may not have it; null if it may
   * @param least the shortest duration
   * @param most the longest duration
   * @param standard the default
   */
  public record Type(
      String type,
      String label,
      @Nullable String refusal,
      Duration least,
      Duration most,
      Duration standard) {}
}
