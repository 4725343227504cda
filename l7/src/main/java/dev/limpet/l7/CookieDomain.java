package dev.limpet.l7;

import dev.limpet.core.internal.HttpToken;
import java.util.Locale;

/** The rules for the domain of a cookie. */
final class CookieDomain {
  /*
   * Browsers silently drop a cookie unless the responding host is in the cookie's domain. A text
   * that is not a host name (RFC 1123, section 2.1) cannot be such a domain. If the last label is a
   * number, browsers take the text for an IPv4 address, or for an invalid one (URL Standard, "ends
   * in a number"), and no other host is in a domain that is an address.
   */

  private static final String HOST_NAME = "a host name";
  private static final String LABELS =
      HOST_NAME + " whose labels are 1..63 letters, digits and inner hyphens";
  private static final int MAX_NAME = 253;
  private static final int MAX_LABEL = 63;

  private CookieDomain() {}

  /** Adds the faults of a domain. A leading dot is allowed, because browsers ignore it. */
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
