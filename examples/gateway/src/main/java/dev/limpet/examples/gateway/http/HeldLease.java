package dev.limpet.examples.gateway.http;

import dev.limpet.core.Lease;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange holds its lease: until the backend's response is complete and the request's body, if it is being
 * sent, has been. For the event loop of the client's connection.
 */
final class HeldLease {
  private @Nullable Lease lease;
  private boolean isAnswered;
  private boolean isSending;

  /** Takes the lease, and gives it back at once if its request is over. */
  void take(Lease given) {
    lease = given;
    giveBack();
  }

  /** Notes that a body is being sent. */
  void beginBody() {
    isSending = true;
  }

  /** Notes that the body has been sent, or never will be. */
  void endBody() {
    isSending = false;
    giveBack();
  }

  /** Notes that the response is complete. */
  void endResponse() {
    isAnswered = true;
    giveBack();
  }

  /** Gives the lease back, whatever is still going on; safe for use by any thread. */
  void end() {
    Lease held = lease;
    if (held != null) {
      held.close();
    }
  }

  private void giveBack() {
    if (isAnswered && !isSending) {
      end();
    }
  }
}
