package dev.limpet.core;

/**
 * Picks backends for new sessions and for requests without a session. Called by many threads at
 * once. Embedders may implement it; methods that are added later have defaults.
 */
@FunctionalInterface
public interface Picker {

  /** The purpose of a pick. Callers need a default branch, because values may be added. */
  enum Purpose {
    /** A new session, which will be bound to the backend. */
    NEW_SESSION,
    /** A request that has no session and begins none. */
    NO_SESSION,
    /** A request whose response may begin a session. */
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
   * turns should override this and use separate turns for each purpose. Otherwise, if sessions and
   * other requests alternate, new sessions get only every second turn; with two backends, all of
   * them would go to the same one.
   *
   * @param key the key of the session or request, or {@link KeyExtractor#NONE}
   * @param purpose the purpose of the pick
   * @return one of the backends that the picker was made for
   */
  default Backend pick(long key, Purpose purpose) {
    return pick(key);
  }
}
