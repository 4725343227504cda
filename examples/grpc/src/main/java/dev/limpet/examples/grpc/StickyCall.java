package dev.limpet.examples.grpc;

import dev.limpet.examples.grpc.GrpcAccess.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** A call, as the interceptor, which sees its metadata, and the picker both know it. */
final class StickyCall {
  /*
   * A call may be picked for several times: from the queue, and again if its connection broke
   * before the server has seen it. Only the last pick counts. If the call has ended meanwhile, a
   * late pick holds nothing.
   */
  static final CallOptions.Key<StickyCall> KEY = CallOptions.Key.create("limpet");

  private final HttpRouter<Metadata, Response> router;
  private final Metadata request = new Metadata();
  private @Nullable StickyExchange<Metadata, Response> exchange;
  private boolean hasEnded;

  StickyCall(HttpRouter<Metadata, Response> router) {
    this.router = router;
  }

  /** Keeps a copy of the request, and takes from it what the backend must not see. */
  void start(Metadata headers) {
    request.merge(headers);
    router
        .fieldsToBackend(request)
        .forEach((name, values) -> GrpcAccess.set(headers, name, values));
  }

  Metadata request() {
    return request;
  }

  /** Begins the exchange of a pick, and ends that of the pick before. */
  synchronized StickyExchange<Metadata, Response> pick() {
    giveUp();
    exchange = router.begin(request);
    if (hasEnded) {
      exchange.close();
    }
    return exchange;
  }

  synchronized void responded(Metadata headers) {
    if (exchange != null) {
      exchange.responded(new Response(200, headers));
    }
  }

  /** Ends the exchange of a pick that found no backend. */
  synchronized void giveUp() {
    if (exchange != null) {
      exchange.close();
    }
  }

  synchronized void end() {
    hasEnded = true;
    giveUp();
  }
}
