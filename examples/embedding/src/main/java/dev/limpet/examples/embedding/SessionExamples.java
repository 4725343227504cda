package dev.limpet.examples.embedding;

import dev.limpet.core.Affinity;
import dev.limpet.core.Pool;
import dev.limpet.core.Profile;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.StickySession;
import dev.limpet.l7.HttpRouter;
import java.time.Duration;

/** The examples of {@code docs/sessions.md}. */
final class SessionExamples extends Embedder {

  StickySession untilTheEvening() {
    StickySession session = StickySession.appCookie("JSESSIONID")
        .withDuration(Duration.ofMinutes(30)) // without a request
        .withMaxDuration(Duration.ofHours(8)); // however many requests
    return session;
  }

  StickySession forAnHour() {
    StickySession session = StickySession.sourceIp()
        .withMode(StickySession.Mode.ABSOLUTE)
        .withDuration(Duration.ofHours(1));
    return session;
  }

  StickyRouter<Request> open(Pool pool, Affinity<Request> affinity) {
    StickyRouter<Request> router =
        StickyRouter.builder(pool, affinity).profile(Profile.OPEN).build();
    return router;
  }

  void end(HttpRouter<Request, Response> router, Request request, Response response) {
    router.endSession(request, response); // deletes the LB cookie; removes the binding, if any
  }

  void endWithoutResponse(StickyRouter<Request> router, Request request) {
    router.unbind(request);
  }

  void ignore(StickyRouter<Request> router, Request request) {
    Route route = router.routeUnbound(request);
    send(request, route.backend());
  }
}
