package dev.limpet.examples.gateway.http;

import dev.limpet.core.Route;
import org.jspecify.annotations.Nullable;

/**
 * How long an exchange holds its route: until the backend's response is complete and the request's
 * body, if it is being sent, has been. For the event loop of the client's connection.
 */
final class HeldRoute {
  private @Nullable Route route;
  private boolean isAnswered;
  private boolean isSending;

  /** Takes the present route, and gives it back at once if its request is over. */
  void take(Route given) {
    route = given;
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

  private void giveBack() {
    if (isAnswered && !isSending && route != null) {
      route.close();
    }
  }
}
