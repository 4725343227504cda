package dev.limpet.spring.gateway;

import dev.limpet.core.Profile;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code limpet.*}.
 *
 * @param cookieKeys the keys of LB cookies and of sealed and issued headers; the first one signs
 * @param keySecret the secret that makes the keys of sessions, in Base64
 * @param profile the limits of sessions
 * @param trustedProxies addresses and ranges of proxies whose fields about the client are believed
 * @param clientAddressHeader the field that such proxies write
 * @param pools the settings of pools by name
 */
@ConfigurationProperties(prefix = LimpetProperties.PREFIX, ignoreUnknownFields = false)
record LimpetProperties(
    @DefaultValue List<Secret> cookieKeys,
    @Nullable Secret keySecret,
    @DefaultValue("open") Profile profile,
    @DefaultValue List<String> trustedProxies,
    @DefaultValue("x-forwarded-for") ClientAddressHeader clientAddressHeader,
    @DefaultValue Map<String, PoolProperties> pools) {

  static final String PREFIX = "limpet";

  /** The field in which trusted proxies say who the client is. */
  enum ClientAddressHeader {
    /** {@code X-Forwarded-For}. */
    X_FORWARDED_FOR,
    /** {@code Forwarded} (RFC 7239). */
    FORWARDED
  }
}
