package dev.limpet.examples.fleet;

/**
 * A request of a session, and who answered it.
 *
 * @param session the session
 * @param gateway the gateway that it was sent to
 * @param home the backend where the session is
 * @param backend the backend that answered, or what went wrong
 * @param known whether that backend knows the session
 * @param failed whether no backend answered
 */
record Visit(
    String session, String gateway, String home, String backend, boolean known, boolean failed) {

  /** Returns whether it reached its session. */
  boolean stuck() {
    return known && home.equals(backend);
  }

  @Override
  public String toString() {
    return session + " at " + gateway + ": " + backend + " instead of " + home;
  }
}
