package dev.limpet.core;

/**
 * Is notified when a backend is ejected or readmitted. Called on the thread whose report or request
 * caused the change, after the change and while no lock is held. It may change the pool. Exceptions
 * that it throws are counted and otherwise ignored.
 *
 * <p>Embedders may implement it; methods that are added later have defaults.
 */
public interface EjectionListener {

  /**
   * Called when a backend has been ejected, or ejected again because its probe failed.
   *
   * @param backend the backend
   * @param ejection for how long, and why
   */
  void ejected(Backend backend, Ejection ejection);

  /**
   * Called when a backend is no longer ejected: a probe succeeded, it was reported up, or no other
   * backend was left. Not called if it has left the pool. The default does nothing.
   *
   * @param backend the backend
   */
  default void readmitted(Backend backend) {}
}
