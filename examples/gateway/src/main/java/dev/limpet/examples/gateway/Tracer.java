package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.limpet.core.Affinity;
import dev.limpet.core.Ejection;
import dev.limpet.core.Failover;
import dev.limpet.core.Member;
import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.StickyRouter;
import dev.limpet.examples.gateway.config.IpLiteral;
import dev.limpet.examples.gateway.config.ListenerConfig;
import dev.limpet.examples.gateway.config.Protocol;
import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.examples.gateway.config.StickyType;
import dev.limpet.examples.gateway.operate.Trace;
import dev.limpet.examples.gateway.operate.TracedRequest;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.LbCookieAffinity;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Explains where the session of a request is bound. It only peeks, so nothing is used or changed,
 * and shows no value of a cookie, header field or parameter.
 *
 * @param listener the listener that the request would come to
 * @param sticky how its sessions stick; null if they do not
 * @param own the failover that its pool is configured with; null for the default of the type
 * @param routers the present routers of the listener's owner
 */
record Tracer(
    ListenerConfig listener,
    @Nullable StickyConfig sticky,
    @Nullable Failover own,
    OwnerRouters routers) {

  /** Returns where the session of a request is bound. */
  Trace trace(TracedRequest request) {
    Recall recall = recall(request);
    Failover failover = failover();
    List<Trace.Step> steps = new ArrayList<>();
    steps.add(new Trace.Step("key", key(request, recall)));
    addPredecessor(request, steps);
    if (sticky == null) {
      return notSticky(steps);
    }
    steps.add(new Trace.Step("binding", binding(recall)));
    Member member = recall.member();
    if (member == null) {
      return unbound(sticky, steps, recall, failover);
    }
    steps.add(new Trace.Step("backend", member.backend().id() + " " + state(member)));
    return member.acceptsBound()
        ? kept(steps, member, failover)
        : left(sticky, steps, member, failover);
  }

  private Recall recall(TracedRequest request) {
    return (listener.protocol() == Protocol.HTTP)
        ? requireNonNull(routers.http().get(listener.name())).peek(MadeUpRequest.http(request))
        : requireNonNull(routers.tcp().get(listener.name())).peek(MadeUpRequest.tcp(request));
  }

  /** Explains a session that only a token of an earlier type places. */
  private void addPredecessor(TracedRequest request, List<Trace.Step> steps) {
    HttpRouter<HttpServerRequest, HttpServerResponse> router = routers.http().get(listener.name());
    if (router != null && router.affinity() instanceof SuccessorAffinity<?, ?> successor) {
      StickyType earlier =
          successor.placedBy(MadeUpRequest.http(request), router.pool().snapshot());
      if (earlier != null) {
        steps.add(new Trace.Step(
            "key",
            "A valid token of the type " + earlier + ", which was in use before, places it."));
      }
    }
  }

  /** Returns what happens to sessions whose backend cannot serve them. */
  private Failover failover() {
    return (own != null) ? own : requireNonNullElse(router().affinity().failover(), Failover.MOVE);
  }

  private StickyRouter<?> router() {
    return requireNonNull(routers.of(listener.name()));
  }

  private String key(TracedRequest request, Recall recall) {
    if (sticky == null) {
      return "Sessions do not stick, so the request has no key.";
    }
    return switch (sticky.type()) {
      case SOURCE_IP -> source(request);
      case LB_COOKIE -> "The key is in the LB cookie" + lbCookie() + condition(recall);
      case APP_COOKIE -> "The key is the app cookie" + named(sticky) + presence(recall);
      case PREFIX_COOKIE, ROUTE_SUFFIX ->
        "The key is in the cookie " + sticky.field().name() + condition(recall);
      case HEADER -> "The key is the header field " + sticky.field().name() + condition(recall);
      case MCP -> "The key is the header field Mcp-Session-Id" + condition(recall);
      case QUERY, PATH ->
        "The key is the parameter " + sticky.field().name() + " of the "
            + ((sticky.type() == StickyType.QUERY) ? "query" : "path") + presence(recall);
    };
  }

  /** An address is shown only if it is one: anything may have been pasted. */
  private static String source(TracedRequest request) {
    InetAddress address = MadeUpRequest.address(request);
    return (address == null)
        ? "The request has no source address."
        : "The key is the source address " + IpLiteral.text(address) + '.';
  }

  private String lbCookie() {
    Affinity<?> affinity = router().affinity();
    Affinity<?> own =
        (affinity instanceof SuccessorAffinity<?, ?> successor) ? successor.present() : affinity;
    return (own instanceof LbCookieAffinity<?, ?> cookie) ? " " + cookie.cookieName() : "";
  }

  private static String named(StickyConfig sticky) {
    String name = sticky.session().cookieName();
    return (name == null) ? "" : " " + name;
  }

  private static String presence(Recall recall) {
    return (recall.reason() == Reason.NO_KEY) ? ", which the request does not have." : ".";
  }

  private static String condition(Recall recall) {
    Reason reason = recall.reason();
    if (reason == null) {
      return ", which is valid.";
    }
    return switch (reason) {
      case NO_KEY -> ", which the request does not have.";
      case UNKNOWN -> ", which is absent or unknown.";
      case EXPIRED -> ", which has expired.";
      case FUTURE -> ", which is dated in the future.";
      case MALFORMED -> ", which is malformed.";
      case FORGED -> ", which was not made for this pool, or is forged.";
      case UNKNOWN_KEY -> ", which was made with a key that this gateway does not have.";
      case UNUSABLE_KEY -> ", which cannot be used.";
      default -> ".";
    };
  }

  private static String binding(Recall recall) {
    Member member = recall.member();
    if (member != null) {
      return "The session is bound to " + member.backend().id() + '.';
    }
    return (recall.reason() == Reason.BACKEND_GONE)
        ? "The session is bound to a backend that has left the pool."
        : "The session is not bound: " + recall.reason() + '.';
  }

  private static String state(Member member) {
    Ejection ejection = member.ejection();
    if (ejection != null) {
      return "is ejected for " + ejection.remaining().toSeconds() + " s more, time "
          + ejection.times() + '.';
    }
    if (member.down()) {
      return "is down.";
    }
    return member.draining() ? "is draining, and serves its sessions." : "is up.";
  }

  private static Trace kept(List<Trace.Step> steps, Member member, Failover failover) {
    String id = member.backend().id();
    steps.add(decision(Outcome.KEPT, "the request goes to " + id + '.'));
    return new Trace(steps, id, Outcome.KEPT.name(), null, ifUnreachable(failover));
  }

  private Trace left(StickyConfig type, List<Trace.Step> steps, Member member, Failover failover) {
    Ejection ejection = member.ejection();
    Reason reason = (ejection == null) ? Reason.BACKEND_DOWN : Reason.BACKEND_EJECTED;
    boolean isInGrace = ejection != null && ejection.isInGrace();
    Failover now = (failover == Failover.MOVE && isInGrace) ? Failover.LEND : failover;
    Outcome outcome = switch (now) {
      case LEND -> Outcome.LENT;
      case STRICT -> Outcome.REFUSED;
      case MOVE -> StickyKinds.isSealed(type) ? Outcome.HASHED : Outcome.MOVED;
    };
    return decided(steps, possible(outcome), reason, failover);
  }

  private Trace unbound(
      StickyConfig type, List<Trace.Step> steps, Recall recall, Failover failover) {
    Reason reason = requireNonNull(recall.reason(), "reason");
    return decided(steps, possible(outcome(type, recall, reason, failover)), reason, failover);
  }

  private Trace notSticky(List<Trace.Step> steps) {
    Outcome outcome = possible(Outcome.UNBOUND);
    steps.add(new Trace.Step(
        "decision",
        (outcome == Outcome.UNBOUND)
            ? "The balancer chooses a backend for each request."
            : "No backend takes a request."));
    return new Trace(
        steps, null, outcome.name(), Reason.NO_KEY.name(), "The next backend would be tried.");
  }

  /**
   * Returns the outcome, or {@code NO_BACKEND} if it needs another backend and none takes new
   * sessions.
   */
  private Outcome possible(Outcome outcome) {
    boolean isPossible = outcome == Outcome.REFUSED
        || router().pool().snapshot().members().stream().anyMatch(Member::acceptsNew);
    return isPossible ? outcome : Outcome.NO_BACKEND;
  }

  private Outcome outcome(StickyConfig type, Recall recall, Reason reason, Failover failover) {
    boolean endsWithBackend =
        router().affinity().parts().stream().anyMatch(Affinity::endsWithBackend);
    boolean refusesGone = endsWithBackend && failover == Failover.STRICT;
    return switch (reason) {
      case NO_KEY, UNUSABLE_KEY -> recall.isRefused() ? Outcome.REFUSED : Outcome.UNBOUND;
      case BACKEND_GONE ->
        (recall.isRefused() || refusesGone)
            ? Outcome.REFUSED
            : StickyKinds.isOfBackend(type) ? Outcome.HASHED : Outcome.MOVED;
      default ->
        recall.isRefused()
            ? Outcome.REFUSED
            : StickyKinds.beginsByRequest(type) ? Outcome.NEW : Outcome.HASHED;
    };
  }

  private static Trace decided(
      List<Trace.Step> steps, Outcome outcome, Reason reason, Failover failover) {
    steps.add(decision(outcome, text(outcome, reason)));
    return new Trace(steps, null, outcome.name(), reason.name(), ifUnreachable(failover));
  }

  private static String text(Outcome outcome, Reason reason) {
    boolean isLeft = reason == Reason.BACKEND_DOWN || reason == Reason.BACKEND_EJECTED;
    return switch (outcome) {
      case REFUSED ->
        isLeft
            ? "its backend cannot serve it; the request is refused, and the binding stays."
            : "the client must begin a new session.";
      case LENT ->
        "its backend cannot serve it; another one serves the request, and the binding stays.";
      case MOVED ->
        isLeft
            ? "its backend cannot serve it; the session moves to another one."
            : "the session is bound to another backend.";
      case HASHED ->
        "a hash chooses the backend, the same for each request, until a response begins a session.";
      case UNBOUND -> "the balancer chooses a backend, and no session begins.";
      case NO_BACKEND -> "no backend takes it, so the request fails.";
      default -> "a new session begins, at a backend that the balancer chooses.";
    };
  }

  private static Trace.Step decision(Outcome outcome, String text) {
    return new Trace.Step("decision", outcome + ": " + text);
  }

  private static String ifUnreachable(Failover failover) {
    return switch (failover) {
      case LEND -> "Another backend would serve the request, and the binding would stay.";
      case STRICT -> "The request would be refused, and the binding would stay.";
      default -> "The session would move to another backend.";
    };
  }
}
