package dev.limpet.examples.gateway.http;

import dev.limpet.core.Backend;
import dev.limpet.core.Lease;
import dev.limpet.examples.gateway.net.BackendAddresses;
import dev.limpet.examples.gateway.net.BackendEnd;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.streams.ReadStream;
import io.vertx.httpproxy.ProxyRequest;
import org.jspecify.annotations.Nullable;

/** One request of a client and the attempts to have it answered. */
final class HttpExchange {
  /*
   * A request whose connect failed goes to another backend, whatever it is, for none of it was sent. One
   * without a body whose kept-alive connection is closed before a byte of the response came is sent to the
   * same backend again, which closed it while the request was on its way and has its session; and
   * elsewhere only if that happens again and again. Anything else may have been acted upon, and is answered
   * 502.
   *
   * The response is taken from the request itself, not from ProxyRequest: see ResponseRelay. Vert.x
   * never ends a request that it sent with connect(), so the connection of a refused upgrade is of no
   * more use and closed.
   *
   * A backend may answer before it has the whole body, which then goes on being sent to it: the lease ends
   * with the later of the two, or with a connection. Vert.x tells nobody of an HTTP/1 client that goes
   * away after the response, and takes a request that is reset then off its connection, which stays open; so
   * the exchange watches the one and closes the other.
   */

  private static final int MAX_REPEATS = 3;

  private final HttpServerRequest request;
  private final HttpRouting routing;
  private final BackendAddresses addresses;
  private final HttpClient client;
  private final boolean hasBody;
  private final boolean upgrade;
  private final Runnable over;
  private final HeldLease held = new HeldLease();
  private int repeats;
  private boolean tunnelled;
  private @Nullable HttpClientRequest backend;

  /** Makes an exchange; over is run once, when the response has ended, unless it opens a tunnel. */
  HttpExchange(
      HttpServerRequest request,
      HttpRouting routing,
      BackendAddresses addresses,
      HttpClient client,
      Runnable over) {
    this.over = over;
    this.request = request;
    this.routing = routing;
    this.addresses = addresses;
    this.client = client;
    this.hasBody = RequestBody.present(request);
    this.upgrade = !hasBody && WebSocketUpgrade.asked(request);
  }

  void run() {
    request.pause();
    request.response().endHandler(ended -> end());
    request.response().closeHandler(closed -> gone());
    routing.lease().apply(request).onComplete(this::leased, this::lost);
  }

  private void leased(Lease given) {
    held.take(given);
    attempt(given);
  }

  /** A tunnel outlives the response that opens it. */
  private void end() {
    if (!tunnelled && !held.isOver()) {
      held.responseEnded();
      watchBody();
      over.run();
    }
  }

  private void gone() {
    abandon();
    end();
  }

  /** An HTTP/1 connection has no other request before the body has ended. */
  private void watchBody() {
    if (!held.isSending()) {
      return;
    }
    if (request.version() != HttpVersion.HTTP_2) {
      request.connection().closeHandler(closed -> gone());
    }
    if (backend != null) {
      BackendEnd.of(backend.connection()).whenClosed(held::end);
    }
  }

  private void lost(Throwable cause) {
    Answer.send(request, 500, "the gateway cannot route this request");
    throw new IllegalStateException(cause);
  }

  private void attempt(Lease lease) {
    if (held.isOver()) {
      return;
    }
    Backend chosen = lease.backend();
    if (chosen == null) {
      Answer.noBackend(request, lease.route());
      return;
    }
    RequestOptions target = new RequestOptions()
        .setHost(chosen.host())
        .setPort(chosen.port())
        .setMethod(request.method())
        .setURI(Targets.origin(request.uri()));
    addresses
        .reach(chosen, server -> client.request(target.setServer(server)))
        .onComplete(up -> send(lease, up), down -> again(lease));
  }

  private void again(Lease lease) {
    if (!request.response().closed()) {
      routing.reroute().apply(request, lease).onComplete(next -> attempt(lease), this::lost);
    }
  }

  private void send(Lease lease, HttpClientRequest up) {
    backend = up;
    if (request.response().closed()) {
      up.reset();
      return;
    }
    FirstByte firstByte = FirstByte.watch(up.connection());
    up.earlyHintsHandler(hints -> ResponseRelay.earlyHints(hints, request));
    Future<HttpClientResponse> answered = upgrade ? upgrade(up) : forward(up);
    answered
        .onSuccess(ReadStream::pause)
        .onComplete(
            response -> relay(lease, up, response),
            cause -> failed(lease, !hasBody && firstByte.staleBy(cause)));
  }

  private void failed(Lease lease, boolean mayRepeat) {
    held.bodyEnded();
    if (mayRepeat && repeats < MAX_REPEATS) {
      repeats++;
      attempt(lease);
    } else if (mayRepeat) {
      again(lease);
    } else {
      Answer.send(request, 502, "the backend closed the connection or sent a bad response");
    }
  }

  private Future<HttpClientResponse> upgrade(HttpClientRequest up) {
    ProxyRequest head = head(up);
    WebSocketUpgrade.prepare(request, up, head.headers());
    return up.connect();
  }

  private Future<HttpClientResponse> forward(HttpClientRequest up) {
    ProxyRequest head = head(up);
    head.setBody(hasBody ? RequestBody.of(request, up) : null);
    if (hasBody && "100-continue".equalsIgnoreCase(request.getHeader("expect"))) {
      ResponseRelay.goOn(request);
    }
    if (!hasBody) {
      request.resume();
    }
    Future<HttpClientResponse> response = up.response();
    if (hasBody) {
      held.bodyBegan();
      request.end().onComplete(ended -> held.bodyEnded(), lost -> abandon());
    }
    head.send(up);
    request.response().exceptionHandler(null);
    return response;
  }

  private ProxyRequest head(HttpClientRequest up) {
    ProxyRequest head = ProxyRequest.reverseProxy(request);
    head.setURI(up.getURI());
    if (request.authority() != null) {
      head.setAuthority(request.authority());
    }
    RequestHeaders.prepare(head.headers(), request, routing.router().cookiesToBackend(request));
    return head;
  }

  private void relay(Lease lease, HttpClientRequest up, HttpClientResponse response) {
    HttpServerResponse out = request.response();
    if (response.statusCode() < 200 && !(upgrade && response.statusCode() == 101)) {
      held.bodyEnded();
      up.reset();
      Answer.send(request, 502, "the backend answered with status " + response.statusCode());
      return;
    }
    ResponseRelay.head(response, out);
    routing.router().onResponse(request, lease.route(), out);
    if (response.statusCode() == 101) {
      tunnelled = true;
      WebSocketUpgrade.tunnel(request, response, lease::close);
    } else {
      if (upgrade) {
        response.end().onComplete(ended -> up.connection().close());
        request.resume();
      }
      ResponseRelay.body(request, response);
    }
  }

  private void abandon() {
    if (backend == null) {
      return;
    }
    if (!request.response().ended()) {
      held.bodyEnded();
      backend.reset();
    } else if (held.isSending()) {
      BackendEnd.of(backend.connection()).close();
      held.bodyEnded();
    }
  }
}
