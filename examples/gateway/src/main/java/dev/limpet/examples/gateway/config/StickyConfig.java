package dev.limpet.examples.gateway.config;

import dev.limpet.core.StickySession;
import org.jspecify.annotations.Nullable;

/**
 * How sessions stick.
 *
 * @param session the declaration that the library's builders take
 * @param quota the limits of sessions that may take slots; null for none
 * @param encrypted whether an LB cookie is encrypted, so that it does not even reveal which
 *     sessions share a backend
 * @param secure whether an LB cookie has the attribute {@code Secure}; null if the file does not
 *     say
 */
public record StickyConfig(
    StickySession session,
    @Nullable QuotaConfig quota,
    boolean encrypted,
    @Nullable Boolean secure) {

  /**
   * Returns whether a listener's LB cookie has the attribute {@code Secure}: as the file says, or
   * else if the listener uses TLS.
   *
   * @param listener the listener that sets the cookie
   */
  public boolean secure(ListenerConfig listener) {
    return (secure != null) ? secure : listener.tls() != null;
  }
}
