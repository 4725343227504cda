package dev.limpet.l7;

/**
 * The attribute {@code SameSite} of a cookie: the requests from other sites with which a browser
 * sends it. Callers need a default branch, because values may be added.
 */
public enum SameSite {
  /** The browser sends the cookie only with requests from the cookie's own site. */
  STRICT("Strict"),
  /** The browser also sends it when a user follows a link to the site. */
  LAX("Lax"),
  /** The browser sends it with every request. Browsers require {@code Secure}. */
  NONE("None");

  private final String attribute;

  SameSite(String attribute) {
    this.attribute = attribute;
  }

  /** {@return the attribute's value: {@code Strict}, {@code Lax} or {@code None}} */
  @Override
  public String toString() {
    return attribute;
  }
}
