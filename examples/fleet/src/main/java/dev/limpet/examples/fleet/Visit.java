package dev.limpet.examples.fleet;

/**
 * A request of a session, and the backend that served it.
 *
 * @param session the session
 * @param gateway the gateway to which it was sent
 * @param home the backend where the session is
 * @param backend the backend that responded, or the failure
 * @param known whether that backend knows the session
 * @param failed whether no backend responded
 */
record Visit(
    String session, String gateway, String home, String backend, boolean known, boolean failed) {

  /** Returns whether the request reached its session. */
  boolean stuck() {
    return known && home.equals(backend);
  }

  @Override
  public String toString() {
    return session + " at " + gateway + ": " + backend + " instead of " + home;
  }
}
