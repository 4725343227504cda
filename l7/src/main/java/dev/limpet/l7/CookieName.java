package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;

/** The rules for cookie names. */
final class CookieName {

  /**
   * The prefix of cookies that a browser accepts only over TLS, for the responding host itself, and
   * for the path "/".
   */
  static final String HOST_PREFIX = "__Host-";

  /** The prefix of cookies that a browser accepts only over TLS. */
  static final String SECURE_PREFIX = "__Secure-";

  /**
   * The prefix of cookies that a browser accepts only over TLS and hides from scripts. LB cookies
   * are always hidden from scripts.
   */
  static final String HTTP_PREFIX = "__Http-";

  private static final String DEFAULT_START = "limpet-";

  private CookieName() {}

  /** {@return the name of a pool's cookie if none was declared} */
  static String ofPool(String pool) {
    return DEFAULT_START + pool;
  }

  /** Adds a fault if the name of a pool cannot be part of its cookie's name. */
  static void checkPool(String pool, Faults faults) {
    int at = HttpToken.firstIllegal(pool);
    if (at >= 0) {
      faults.addText(
          "pool",
          pool,
          "a name that can be part of a cookie's name, without the '"
              + HttpToken.shown(pool.charAt(at)) + "' at index " + at
              + ", or session(StickySession.lbCookie().withCookieName(...))");
    }
  }

  /** Adds a fault if the name is no token. */
  static void check(String name, Faults faults) {
    if (name.isEmpty() || HttpToken.firstIllegal(name) >= 0) {
      faults.addText("cookieName", name, HttpToken.rule(name));
    }
  }

  /**
   * {@return the prefix of a name; empty if absent} Browsers ignore the case of prefixes.
   */
  static String prefix(String name) {
    for (String prefix : new String[] {HOST_PREFIX, SECURE_PREFIX, HTTP_PREFIX}) {
      if (name.regionMatches(true, 0, prefix, 0, prefix.length())) {
        return prefix;
      }
    }
    return "";
  }

  static String withoutPrefix(String name) {
    return name.substring(prefix(name).length());
  }
}
