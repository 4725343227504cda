package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** The examples of {@code docs/requests.md}. */
final class RequestExamples extends Embedder {
  /** The statuses of the responses that clients got from the event loop. */
  final List<Integer> replies = new ArrayList<>();

  Response handle(HttpRouter<Request, Response> router, Request request) {
    try (StickyExchange<Request, Response> exchange = router.begin(request)) {
      while (exchange.backend() != null && !reaches(exchange.backend())) {
        exchange.connectFailed(); // on to the next backend
      }
      if (exchange.backend() == null) {
        return new Response(exchange.statusWithoutBackend(), new Headers());
      }
      Response response = send(request, exchange.fieldsToBackend(), exchange.backend());
      exchange.responded(response); // sets or learns the cookie
      return response;
    }
  }

  void begin(HttpRouter<Request, Response> router, Request request, Executor loop) {
    router
        .beginAsync(request)
        .whenCompleteAsync(
            (exchange, broken) -> {
              if (broken == null) {
                attempt(request, exchange, loop);
              } else {
                replies.add(500); // an extractor or the access threw
              }
            },
            loop);
  }

  private void attempt(Request request, StickyExchange<Request, Response> exchange, Executor loop) {
    Backend backend = exchange.backend();
    if (backend == null) {
      reply(new Response(exchange.statusWithoutBackend(), new Headers()), exchange);
    } else if (reaches(backend)) {
      Response response = send(request, exchange.fieldsToBackend(), backend);
      exchange
          .respondedAsync(response)
          .whenCompleteAsync((done, broken) -> reply(response, exchange), loop);
    } else {
      exchange.connectFailedAsync().thenRunAsync(() -> attempt(request, exchange, loop), loop);
    }
  }

  private void reply(Response response, StickyExchange<Request, Response> exchange) {
    replies.add(response.status());
    exchange.close(); // after the last byte
  }

  Response handlePreflight(HttpRouter<Request, Response> router, Request preflight) {
    try (StickyExchange<Request, Response> exchange = router.beginUnbound(preflight)) {
      return send(preflight, exchange.fieldsToBackend(), exchange.backend());
    }
  }
}
