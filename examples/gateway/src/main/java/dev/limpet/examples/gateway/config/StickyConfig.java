package dev.limpet.examples.gateway.config;

import dev.limpet.core.StickySession;
import org.jspecify.annotations.Nullable;

/**
 * How sessions stick.
 *
 * @param session the declaration that the library's builders take
 * @param quota how many sessions may take places; null for as many as there are
 * @param encrypted whether an LB cookie hides even which sessions share a backend
 * @param secure whether an LB cookie has the attribute {@code Secure}; null if the file does not
 *     say
 */
public record StickyConfig(
    StickySession session,
    @Nullable QuotaConfig quota,
    boolean encrypted,
    @Nullable Boolean secure) {

  /**
   * Returns whether a listener's LB cookie has the attribute {@code Secure}: as the file says, and
   * else if the listener speaks TLS.
   *
   * @param listener the listener that sets the cookie
   */
  public boolean secure(ListenerConfig listener) {
    return (secure != null) ? secure : listener.tls() != null;
  }
}
