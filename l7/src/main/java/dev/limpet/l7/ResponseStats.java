package dev.limpet.l7;

/**
 * What an affinity did in the response phase so far. Immutable; while responses are handled its numbers may
 * be some responses apart.
 *
 * @param issued LB cookies set for new and moved sessions
 * @param refreshed LB cookies set for sessions that go on
 * @param learned values of app cookies that were bound, or bound elsewhere
 * @param learnRejected values of app cookies that the table had no place for
 * @param unlearned app cookies that were deleted and therefore unbound
 * @param foreignSetCookies fields of backends that set a cookie of the LB cookie's name, and were removed
 * @param foreignCookies requests whose cookies of the LB cookie's name are none of this pool's: they are another pool's, such as that of
 *     a proxy before this one, forged, of a key that is unknown, or no token; nobody can tell another pool's from a forged one
 * @param ambiguousTags requests whose token names two backends at once, and therefore none
 */
public record ResponseStats(
    long issued,
    long refreshed,
    long learned,
    long learnRejected,
    long unlearned,
    long foreignSetCookies,
    long foreignCookies,
    long ambiguousTags) {

  /** Nothing done. */
  public static final ResponseStats NONE = new ResponseStats(0, 0, 0, 0, 0, 0, 0, 0);
}
