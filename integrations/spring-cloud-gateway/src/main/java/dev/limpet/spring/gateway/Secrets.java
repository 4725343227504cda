package dev.limpet.spring.gateway;

import static java.util.stream.Collectors.joining;

import dev.limpet.core.Environment;
import dev.limpet.core.FaultException;
import dev.limpet.l7.CookieKeys;
import java.util.Base64;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** The secrets that the properties give. */
final class Secrets {
  private static final Log LOG = LogFactory.getLog(Secrets.class);
  private static final String KEY_SECRET = LimpetProperties.PREFIX + ".key-secret";
  private static final String COOKIE_KEYS = LimpetProperties.PREFIX + ".cookie-keys";

  private Secrets() {}

  /** Returns the environment of all pools, with a random secret if the properties give none. */
  static Environment environment(LimpetProperties properties) {
    Secret secret = properties.keySecret();
    if (secret == null) {
      if (properties.cookieKeys().isEmpty()) {
        LOG.info(COOKIE_KEYS + " and " + KEY_SECRET + " are absent: the keys of LB cookies are"
            + " random, so sessions end with a restart, and other gateways do not know them");
      }
      return Environment.local();
    }
    PropertyFaults faults = new PropertyFaults();
    byte[] bytes = bytes(secret);
    if (bytes.length < Environment.MIN_SECRET_BYTES) {
      faults.add(
          KEY_SECRET,
          Secret.HIDDEN,
          "Base64 of " + Environment.MIN_SECRET_BYTES + " bytes or more");
    }
    faults.refuse();
    return Environment.of(bytes);
  }

  /** Returns the keys of cookies; null for those that follow from the environment. */
  static @Nullable CookieKeys cookieKeys(LimpetProperties properties, PropertyFaults faults) {
    if (properties.cookieKeys().isEmpty()) {
      return null;
    }
    String text = properties.cookieKeys().stream().map(Secret::text).collect(joining(","));
    try {
      return CookieKeys.parse(text);
    } catch (FaultException e) {
      e.faults().forEach(fault -> faults.add(COOKIE_KEYS, Secret.HIDDEN, fault.toString()));
    } catch (IllegalArgumentException e) {
      faults.add(COOKIE_KEYS, Secret.HIDDEN, "id:secret, …; the first one signs");
    }
    return null;
  }

  private static byte[] bytes(Secret secret) {
    try {
      return Base64.getDecoder().decode(secret.text().strip());
    } catch (IllegalArgumentException notBase64) {
      return new byte[0];
    }
  }
}
