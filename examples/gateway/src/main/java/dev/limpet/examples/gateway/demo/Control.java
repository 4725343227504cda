package dev.limpet.examples.gateway.demo;

import dev.limpet.core.Member;

/** What the story needs from a running gateway, in addition to its listeners. */
public interface Control {

  /**
   * Returns the port of 127.0.0.1 on which a listener listens.
   *
   * @param listener a {@link Stickiness#listener}
   */
  int port(String listener);

  /**
   * Drains a backend.
   *
   * @param pool a {@link Stickiness#listener}
   * @param backend the name of a {@link DemoBackend}
   */
  void drain(String pool, String backend);

  /**
   * Ends the drain of a backend.
   *
   * @param pool a {@link Stickiness#listener}
   * @param backend the name of a {@link DemoBackend}
   */
  void ready(String pool, String backend);

  /**
   * Returns the state of a backend of a pool, according to its health checks.
   *
   * @param pool a {@link Stickiness#listener}
   * @param backend the name of a {@link DemoBackend}
   */
  Member.State state(String pool, String backend);
}
