package dev.limpet.examples.gateway.config;

import dev.limpet.l7.LbCookieAffinityBuilder;
import dev.limpet.l7.SameSite;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How a cookie that the gateway makes looks.
 *
 * @param encrypted whether it is encrypted, so that it does not even reveal which sessions share a
 *     backend
 * @param secure whether it has the attribute {@code Secure}; null if the file does not say
 * @param path the attribute {@code Path}
 * @param domain the attribute {@code Domain}; null if absent
 * @param sameSite the attribute {@code SameSite}
 * @param hostPrefix whether the name begins with {@code __Host-}; null if the file does not say
 * @param partitioned whether it has the attribute {@code Partitioned}
 */
public record LbCookieConfig(
    boolean encrypted,
    @Nullable Boolean secure,
    String path,
    @Nullable String domain,
    SameSite sameSite,
    @Nullable Boolean hostPrefix,
    boolean partitioned) {
  private static final String ROOT = "/";
  private static final List<String> SAME_SITES = List.of("strict", "lax", "none");

  /** The cookie if the file says nothing about it. */
  static final LbCookieConfig DEFAULT =
      new LbCookieConfig(false, null, ROOT, null, SameSite.LAX, null, false);

  /** Reads the cookie's keys of a {@code stickySession}; null if one of them cannot be read. */
  static @Nullable LbCookieConfig read(Section section) {
    Boolean encrypted = section.optional("encrypted", false, Setting::flag);
    Boolean secure = section.optional("secure", Setting::flag);
    String path = section.optional("path", ROOT, value -> value.text("a path"));
    String domain = section.optional("domain", value -> value.text("a domain"));
    SameSite sameSite = section.optional("sameSite", SameSite.LAX, LbCookieConfig::sameSite);
    Boolean hostPrefix = section.optional("hostPrefix", Setting::flag);
    Boolean partitioned = section.optional("partitioned", false, Setting::flag);
    boolean isRead = section.has("secure") == (secure != null)
        && section.has("domain") == (domain != null)
        && section.has("hostPrefix") == (hostPrefix != null);
    if (!isRead || encrypted == null || path == null || sameSite == null || partitioned == null) {
      return null;
    }
    return new LbCookieConfig(encrypted, secure, path, domain, sameSite, hostPrefix, partitioned);
  }

  private static @Nullable SameSite sameSite(Setting setting) {
    String choice = setting.choice(SAME_SITES);
    return (choice == null) ? null : SameSite.valueOf(choice.toUpperCase(Locale.ROOT));
  }

  /**
   * Returns whether a listener's cookie is always {@code Secure}: as the file says, or else if the
   * listener uses TLS.
   *
   * @param listener the listener that sets the cookie
   */
  public boolean isSecure(ListenerConfig listener) {
    return isSecure(listener.tls() != null);
  }

  /**
   * Returns whether another cookie of the same listener has the same name, if its base is the same.
   */
  public boolean hasNameOf(LbCookieConfig other) {
    return isOfHost(isSecure(false)) == other.isOfHost(other.isSecure(false))
        && isOfHost(isSecure(true)) == other.isOfHost(other.isSecure(true));
  }

  private boolean isSecure(boolean isByTls) {
    return (secure != null) ? secure : isByTls;
  }

  private boolean isOfHost(boolean isSecure) {
    return (hostPrefix != null) ? hostPrefix : isSecure && domain == null && path.equals(ROOT);
  }

  /**
   * Sets the attributes of a cookie.
   *
   * @param isSecure whether it is always {@code Secure}
   */
  public void applyTo(LbCookieAffinityBuilder<?, ?> builder, boolean isSecure) {
    builder
        .encrypted(encrypted)
        .secure(isSecure)
        .hostPrefix(isOfHost(isSecure))
        .path(path)
        .sameSite(sameSite)
        .partitioned(partitioned);
    if (domain != null) {
      builder.domain(domain);
    }
  }
}
