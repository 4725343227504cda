package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;

/** Rules of names of cookies. */
final class CookieName {

  /** What a browser accepts only for the responding host itself, over TLS and for every path. */
  static final String HOST_PREFIX = "__Host-";

  /** What a browser accepts only over TLS. */
  static final String SECURE_PREFIX = "__Secure-";

  /**
   * What a browser accepts only over TLS, and hides from scripts; our cookies are hidden anyway.
   */
  static final String HTTP_PREFIX = "__Http-";

  private CookieName() {}

  /** Adds a fault if the name is no token. */
  static void check(String name, Faults faults) {
    if (name.isEmpty() || HttpToken.firstIllegal(name) >= 0) {
      faults.addText("cookieName", name, HttpToken.rule(name));
    }
  }

  /** {@return the prefix, empty if there is none} Browsers know prefixes in any case. */
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
