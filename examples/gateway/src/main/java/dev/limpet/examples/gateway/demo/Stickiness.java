package dev.limpet.examples.gateway.demo;

/** How the gateway identifies a session. Each kind has its own listener and pool. */
public enum Stickiness {
  /** HTTP, not sticky. */
  NONE_HTTP("plain", "nothing, HTTP"),
  /** TCP, not sticky. */
  NONE_TCP("plain-tcp", "nothing, TCP"),
  /** HTTP, by the cookie that the gateway makes. */
  LB_COOKIE("web", "LB cookie"),
  /** HTTP, by the cookie that the application makes. */
  APP_COOKIE("app", "app cookie"),
  /** TCP, by the address of the client. */
  SOURCE_IP("tcp", "source IP");

  private final String listener;
  private final String label;

  Stickiness(String listener, String label) {
    this.listener = listener;
    this.label = label;
  }

  /** Returns the name of the listener and of its pool. */
  public String listener() {
    return listener;
  }

  String label() {
    return label;
  }

  boolean sticky() {
    return this != NONE_HTTP && this != NONE_TCP;
  }

  boolean tcp() {
    return this == NONE_TCP || this == SOURCE_IP;
  }
}
