package dev.limpet.l7;

import org.jspecify.annotations.Nullable;

/**
 * The attributes of an LB cookie. They are checked once, when the affinity is built, so that
 * nothing can be injected into a response later. Immutable.
 */
record CookieAttributes(
    boolean secure, String path, @Nullable String domain, SameSite sameSite, boolean partitioned) {

  /**
   * The maximum length of an attribute. Browsers ignore longer ones, and cookies whose name and
   * value together exceed {@link #MAX_PAIR} (RFC 6265bis, section 5.7).
   */
  private static final int MAX_ATTRIBUTE = 1024;

  private static final int MAX_PAIR = 4096;

  /** Adds all faults of the attributes, alone or together with the cookie's name. */
  void check(String name, Faults faults) {
    faults.checkText(
        "path", path, c -> Faults.isPrintable(c) && c != ';', "printable ASCII without ';'");
    if (!path.isEmpty() && !path.startsWith("/")) {
      faults.addText("path", path, "a path that starts with '/'");
    }
    checkLength("path", path, MAX_ATTRIBUTE, faults);
    checkLength("cookieName", name, MAX_PAIR - TokenText.ENCRYPTED_LENGTH, faults);
    if (domain != null) {
      CookieDomain.check(domain, faults);
    }
    checkSecure(name, faults);
    checkHostOnly(name, faults);
  }

  /** {@return a copy that is sent only over TLS} */
  CookieAttributes asSecure() {
    return new CookieAttributes(true, path, domain, sameSite, partitioned);
  }

  /** {@return the attributes as they follow the value in a Set-Cookie field} */
  @Override
  public String toString() {
    return "; Path=" + path
        + (domain == null ? "" : "; Domain=" + domain)
        + (secure ? "; Secure" : "")
        + "; HttpOnly; SameSite=" + sameSite
        + (partitioned ? "; Partitioned" : "");
  }

  private static void checkLength(String setting, String text, int most, Faults faults) {
    if (text.length() > most) {
      faults.add(setting, text.length() + " characters", "at most " + most);
    }
  }

  private void checkSecure(String name, Faults faults) {
    if (secure) {
      return;
    }
    if (sameSite == SameSite.NONE) {
      faults.add("secure", false, "true with SameSite=None");
    }
    if (partitioned) {
      faults.add("secure", false, "true with Partitioned");
    }
    if (!CookieName.prefix(name).isEmpty()) {
      faults.add(
          "secure", false, "true with a cookie name that starts with " + CookieName.prefix(name));
    }
  }

  private void checkHostOnly(String name, Faults faults) {
    if (!CookieName.prefix(name).equals(CookieName.HOST_PREFIX)) {
      return;
    }
    String scope = " with a cookie name that starts with " + CookieName.HOST_PREFIX;
    if (domain != null) {
      faults.addText("domain", domain, "absent" + scope);
    }
    if (!path.equals("/")) {
      faults.addText("path", path, "/" + scope);
    }
  }
}
