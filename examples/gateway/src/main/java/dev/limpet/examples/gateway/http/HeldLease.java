package dev.limpet.examples.gateway.http;

import dev.limpet.core.Lease;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange holds its lease: until the response has ended and the request's body, if it is being sent, has
 * been. For the event loop of the client's connection.
 */
final class HeldLease {
  private @Nullable Lease lease;
  private boolean isOver;
  private boolean isSending;

  /** Takes the lease, and gives it back at once if the response has ended. */
  void take(Lease given) {
    lease = given;
    giveBack();
  }

  void bodyBegan() {
    isSending = true;
  }

  void bodyEnded() {
    isSending = false;
    giveBack();
  }

  void responseEnded() {
    isOver = true;
    giveBack();
  }

  /** Gives the lease back, whatever is still going on; by any thread. */
  void end() {
    Lease held = lease;
    if (held != null) {
      held.close();
    }
  }

  /** Returns whether the response has ended. */
  boolean isOver() {
    return isOver;
  }

  /** Returns whether a body is being sent to a backend. */
  boolean isSending() {
    return isSending;
  }

  private void giveBack() {
    if (isOver && !isSending) {
      end();
    }
  }
}
