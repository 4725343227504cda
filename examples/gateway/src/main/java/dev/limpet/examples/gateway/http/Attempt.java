package dev.limpet.examples.gateway.http;

import dev.limpet.core.Route;
import dev.limpet.examples.gateway.backend.AnswerListener;
import dev.limpet.examples.gateway.backend.BackendConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * One request on its way to one backend, and its answer on the way back. For the event loop of
 * both.
 */
final class Attempt implements AnswerListener {
  private final HttpExchange exchange;
  private final HttpServerRequest request;
  private final Route route;
  private final BackendConnection connection;
  private final ResponseRelay relay;
  private final AnswerDeadline deadline;
  private boolean isSending;
  private boolean isUpgrade;
  private boolean isPaused;
  private boolean isBegun;

  Attempt(HttpExchange exchange, Route route, BackendConnection connection) {
    this.exchange = exchange;
    this.request = exchange.request();
    this.route = route;
    this.connection = connection;
    this.relay = new ResponseRelay(request);
    this.deadline = exchange.deadline(this::timeOut);
  }

  void start(HttpRequest head, boolean upgrade) {
    isUpgrade = upgrade;
    connection.send(head, upgrade, this);
    if (exchange.hasBody()) {
      sendBody();
    } else {
      watch();
      if (!upgrade && !request.isEnded()) {
        request.resume();
      }
    }
  }

  private void sendBody() {
    isSending = true;
    exchange.held().beginBody();
    ResponseRelay.goOn(request);
    request
        .handler(this::send)
        .endHandler(end -> endBody())
        .exceptionHandler(broken -> exchange.gone())
        .resume();
  }

  private void send(Buffer piece) {
    connection.sendBody(((BufferInternal) piece).getByteBuf());
    if (!connection.isWritable()) {
      request.pause();
      watch();
    }
  }

  private void endBody() {
    isSending = false;
    connection.endBody();
    watch();
    exchange.held().endBody();
  }

  /** Lets the deadline run exactly while the backend keeps the request waiting. */
  private void watch() {
    boolean isWaiting = isSending ? !connection.isWritable() : !isBegun;
    if (isWaiting) {
      deadline.start();
    } else {
      deadline.stop();
    }
  }

  /** Returns whether the request's body is still being sent. */
  boolean isSending() {
    return isSending;
  }

  /** Gives the answer up. */
  void abandon() {
    deadline.stop();
    connection.giveUp(this);
    stopBody();
  }

  /** Reads what the client still sends, for nobody. */
  private void stopBody() {
    if (isSending) {
      isSending = false;
      exchange.held().endBody();
      if (!request.isEnded()) {
        request.handler(null).endHandler(null).resume();
      }
    }
  }

  @Override
  public void interim(HttpResponse head) {
    relay.interim(head);
  }

  @Override
  public void switched(HttpResponse head) {
    deadline.stop();
    relayHead(head);
    exchange.tunnel();
    new Tunnel(connection, route::close).open(request);
  }

  @Override
  public void began(HttpResponse head) {
    isBegun = true;
    watch();
    relayHead(head);
    relay.frame();
    if (isUpgrade) {
      request.resume(); // there is none
    }
  }

  private void relayHead(HttpResponse head) {
    relay.head(head);
    exchange.router().onResponse(request, route, request.response());
  }

  @Override
  public void continued(ByteBuf piece) {
    if (!relay.body(piece) && !isPaused) {
      isPaused = true;
      connection.pause();
      request.response().drainHandler(drained -> goOn());
    }
  }

  private void goOn() {
    if (isPaused) {
      isPaused = false;
      connection.resume();
    }
  }

  @Override
  public void paused() {
    watch();
    if (isBegun) {
      relay.flushHead();
    }
  }

  @Override
  public void ended(LastHttpContent last) {
    isPaused = false;
    exchange.held().endResponse();
    relay.end(last);
  }

  @Override
  public void drained() {
    if (isSending) {
      watch();
      request.resume();
    }
  }

  @Override
  public void bodyRefused() {
    deadline.stop();
    stopBody();
  }

  @Override
  public void lost(boolean heard) {
    deadline.stop();
    if (heard || exchange.hasBody()) {
      stopBody();
      exchange.fail(502, "the backend closed the connection or sent a bad response");
    } else {
      exchange.unheard(route, connection);
    }
  }

  private void timeOut() {
    abandon();
    exchange.timeOut();
  }
}
