package dev.limpet.examples.gateway.operate;

/** Numbers of things, for people. */
public final class Quantity {
  private Quantity() {}

  /**
   * Returns a number and a noun, such as {@code 1 session} or {@code 2 sessions}.
   *
   * @param noun one that an s makes a plural
   */
  public static String of(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
