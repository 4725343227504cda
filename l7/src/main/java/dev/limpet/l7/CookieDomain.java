package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;
import java.util.Locale;

/** Rules of the domain that a cookie is sent to. */
final class CookieDomain {
  /*
   * Browsers drop a cookie without a word whose domain is not one that the responding host is in.
   * What is no host name (RFC 1123, section 2.1) can be none. A last label that is a number makes
   * the whole an IPv4 address for browsers, or one that they cannot read (URL Standard, "ends in a
   * number"), and a domain that is an address covers no other host.
   */

  private static final String HOST_NAME = "a host name";
  private static final String LABELS =
      HOST_NAME + " of labels of 1..63 letters, digits and hyphens inside";
  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private CookieDomain() {}

  /**
   * Adds what is wrong with a domain. A dot before it means nothing to browsers, and may be there.
   */
  static void check(String domain, Faults faults) {
    String name = domain.startsWith(".") ? domain.substring(1) : domain;
    if (name.length() > MAX_NAME) {
      faults.add("domain", domain.length() + " characters", "at most " + MAX_NAME);
    } else if (domain.isEmpty() || !domain.chars().allMatch(CookieDomain::isOfHostName)) {
      faults.checkText("domain", domain, CookieDomain::isOfHostName, HOST_NAME);
    } else {
      checkLabels(domain, name.split("\\.", -1), faults);
    }
  }

  private static void checkLabels(String domain, String[] labels, Faults faults) {
    for (String label : labels) {
      if (!isLabel(label)) {
        faults.addText("domain", domain, LABELS);
        return;
      }
    }
    if (isNumber(labels[labels.length - 1].toLowerCase(Locale.ROOT))) {
      faults.addText("domain", domain, HOST_NAME + ", not an address: its last label is a number");
    }
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= MAX_LABEL
        && !label.startsWith("-")
        && !label.endsWith("-");
  }

  private static boolean isNumber(String label) {
    return label.startsWith("0x")
        ? label.chars().skip(2).allMatch(c -> Character.digit(c, 16) >= 0)
        : label.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static boolean isOfHostName(int c) {
    return HttpToken.isAlphanumeric(c) || c == '-' || c == '.';
  }
}
