package dev.limpet.core;

/**
 * Picks backends for new sessions, and for requests without one. Called by many threads at once.
 * Embedders may implement it; methods that are added later have defaults.
 */
@FunctionalInterface
public interface Picker {

  /** What a backend is picked for. Callers need a default branch: there may be more. */
  enum Purpose {
    /** A new session, which is then bound to the backend. */
    NEW_SESSION,
    /** A request that keeps no session. */
    NO_SESSION,
    /** A request that may begin a session: only its response will tell. */
    MAY_BEGIN_SESSION
  }

  /**
   * Picks a backend for a new session.
   *
   * @param key the key of the session or request, or {@link KeyExtractor#NONE}
   * @return one of the backends that the picker was made for
   */
  Backend pick(long key);

  /**
   * Picks a backend for a purpose. The default picks as for a new session. A picker that takes
   * turns should override this and take the turns of each purpose apart: otherwise, if each new
   * session follows a request that keeps none, the sessions get every second turn only, and of two
   * backends always the same one.
   *
   * @param key the key of the session or request, or {@link KeyExtractor#NONE}
   * @param purpose what the backend is picked for
   * @return one of the backends that the picker was made for
   */
  default Backend pick(long key, Purpose purpose) {
    return pick(key);
  }
}
