package dev.limpet.spring.gateway;

import java.util.Locale;

/** What becomes of a session's id in a header field. */
enum StickyForm {
  /** The application sets the field, and the gateway remembers it. */
  LEARNED,
  /** The application sets the field, and the gateway encrypts it together with the backend. */
  SEALED,
  /** The gateway sets the field. */
  ISSUED,
  /** The client sets the field, and its value is the key of the session. */
  SENT;

  /** Returns whether clients keep a token that the gateway made. */
  boolean isToken() {
    return this == SEALED || this == ISSUED;
  }

  /** Returns the form as properties spell it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
