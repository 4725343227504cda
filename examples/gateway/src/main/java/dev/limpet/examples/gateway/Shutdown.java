package dev.limpet.examples.gateway;

import java.util.concurrent.CountDownLatch;

/** The end of a gateway that runs until it is told to stop. */
final class Shutdown {
  private Shutdown() {}

  /**
   * Waits for Ctrl-C or another signal to stop, and then closes the gateway; a second signal ends
   * the process at once.
   */
  static void await(Gateway gateway) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "shutdown"));
    StopSignal.handleAll();
    new CountDownLatch(1).await();
  }
}
