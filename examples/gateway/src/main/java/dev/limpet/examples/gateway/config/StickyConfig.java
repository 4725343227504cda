package dev.limpet.examples.gateway.config;

import dev.limpet.core.StickySession;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How sessions stick.
 *
 * @param type what identifies a session
 * @param session the declaration that the library's builders take
 * @param quota the limits of sessions that may take slots; null if absent
 * @param ipv6Prefix how many bits of an IPv6 address identify a session; null for all
 * @param cookie how a cookie that the gateway makes looks
 * @param field where the session's id is with the custom types
 */
public record StickyConfig(
    StickyType type,
    StickySession session,
    @Nullable QuotaConfig quota,
    @Nullable Integer ipv6Prefix,
    LbCookieConfig cookie,
    FieldConfig field) {

  /**
   * Returns the settings by the keys of the file, without those that have their defaults, except
   * the type, the duration and the mode. Values are texts, numbers, flags and a {@link
   * QuotaConfig}; a maximum duration or a cookie name that is absent is null. No value is secret.
   */
  public Map<String, @Nullable Object> settings() {
    return StickyValues.of(this);
  }
}
