package dev.limpet.examples.gateway.operate;

/** Thrown if no listener, pool or backend has a name. */
public final class UnknownNameException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * Makes an exception.
   *
   * @param message as {@code name: value (expected: rule)}
   */
  public UnknownNameException(String message) {
    super(message);
  }
}
