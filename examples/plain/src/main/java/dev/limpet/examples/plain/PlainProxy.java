package dev.limpet.examples.plain;

import com.sun.net.httpserver.HttpExchange;
import dev.limpet.core.Backend;
import dev.limpet.core.FailureKind;
import dev.limpet.examples.plain.JdkAccess.Response;
import dev.limpet.l7.HttpRouter;
import dev.limpet.l7.StickyExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A sticky reverse proxy of the JDK's own HTTP server and client. */
final class PlainProxy {
  private static final int MAX_BODY = 10_000_000;

  private final HttpRouter<HttpExchange, Response> router;
  private final HttpClient client;

  /** Makes a proxy. The client's connect timeout limits how long a dead host delays a request. */
  PlainProxy(HttpRouter<HttpExchange, Response> router, HttpClient client) {
    this.router = router;
    this.client = client;
  }

  /** Serves a request on a thread of its own. If this throws, the client's connection is closed. */
  void serve(HttpExchange http) throws IOException {
    byte[] body = http.getRequestBody().readNBytes(MAX_BODY + 1);
    if (body.length > MAX_BODY) {
      http.sendResponseHeaders(413, -1);
      return;
    }
    try (StickyExchange<HttpExchange, Response> exchange = join(router.beginAsync(http))) {
      HttpResponse<InputStream> response = send(exchange, body);
      if (response != null) {
        pass(response, exchange);
      } else {
        boolean none = exchange.backend() == null;
        http.sendResponseHeaders(none ? exchange.statusWithoutBackend() : 502, -1);
      }
    }
  }

  /** Returns null if no backend can be connected to, or if the backend breaks. */
  private @Nullable HttpResponse<InputStream> send(
      StickyExchange<HttpExchange, Response> exchange, byte[] body) throws IOException {
    for (Backend to = exchange.backend(); to != null; to = exchange.backend()) {
      try {
        return client.send(Messages.request(exchange, to, body), BodyHandlers.ofInputStream());
      } catch (ConnectException | HttpConnectTimeoutException unreachable) {
        join(exchange.connectFailedAsync());
      } catch (IOException broken) {
        boolean late = broken instanceof HttpTimeoutException;
        exchange.failed(late ? FailureKind.TIMEOUT : FailureKind.RESET_BEFORE_RESPONSE);
        return null;
      } catch (InterruptedException stopped) {
        throw new InterruptedIOException();
      }
    }
    return null;
  }

  private static void pass(
      HttpResponse<InputStream> response, StickyExchange<HttpExchange, Response> exchange)
      throws IOException {
    HttpExchange http = exchange.request();
    try (InputStream body = response.body()) {
      Messages.passedOn(response.headers().map(), Map.of())
          .forEach((name, values) -> http.getResponseHeaders().put(name, values));
      int status = response.statusCode();
      join(exchange.respondedAsync(new Response(status, http.getResponseHeaders())));
      http.sendResponseHeaders(status, Messages.length(response));
      body.transferTo(http.getResponseBody());
      http.close();
    }
  }

  private static <T> T join(CompletionStage<T> stage) {
    return stage.toCompletableFuture().join();
  }
}
