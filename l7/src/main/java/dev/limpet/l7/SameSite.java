package dev.limpet.l7;

/**
 * With which requests a browser sends a cookie to another site's page: the attribute {@code
 * SameSite}. Callers need a default branch: there may be more.
 */
public enum SameSite {
  /** Only with requests that the cookie's own site makes. */
  STRICT("Strict"),
  /** Also when a user follows a link to the site. */
  LAX("Lax"),
  /** With every request. Browsers demand {@code Secure}. */
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
