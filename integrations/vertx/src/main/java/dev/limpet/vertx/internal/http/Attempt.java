package dev.limpet.vertx.internal.http;

import dev.limpet.vertx.internal.backend.AnswerListener;
import dev.limpet.vertx.internal.backend.BackendConnection;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.Future;
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
  private final BackendConnection connection;
  private final ResponseRelay relay;
  private final AnswerGate gate = new AnswerGate();
  private final AnswerDeadline deadline;
  private boolean isSending;
  private boolean isUpgrade;
  private boolean isPaused;
  private boolean isBegun;
  private boolean isOver;

  Attempt(HttpExchange exchange, BackendConnection connection) {
    this.exchange = exchange;
    this.request = exchange.request();
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
    }
  }

  private void sendBody() {
    isSending = true;
    exchange.held().beginBody();
    ResponseRelay.goOn(request);
    request
        .handler(this::send)
        .endHandler(end -> endBody())
        .exceptionHandler(broken -> exchange.gone());
    Buffer early = exchange.takeEarly();
    if (early != null) {
      send(early);
    }
    if (connection.isWritable()) {
      request.resume();
    }
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
    isOver = true;
    gate.drop();
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
    relay.head(head);
    exchange.tunnel();
    new Tunnel(connection, exchange::close).open(request, exchange.responded());
  }

  @Override
  public void began(HttpResponse head) {
    isBegun = true;
    watch();
    relay.head(head);
    Future<Void> ready = exchange.responded();
    if (ready.isComplete()) {
      frame();
    } else {
      frameWhen(ready);
    }
  }

  /** A session that the response begins must be known to the whole fleet first. */
  private void frameWhen(Future<Void> ready) {
    connection.pause();
    gate.shut();
    gate.pass(this::frame);
    ready.onComplete(done -> open());
  }

  private void open() {
    gate.open();
    if (!isOver && !isPaused) {
      connection.resume();
    }
  }

  private void frame() {
    relay.frame();
    if (isUpgrade) {
      request.resume(); // no body follows
    }
  }

  @Override
  public void continued(ByteBuf piece) {
    gate.pass(piece, () -> relayBody(piece));
  }

  private void relayBody(ByteBuf piece) {
    if (!relay.body(piece) && !isPaused && !isOver) { // else it may serve another request
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
      gate.pass(relay::flushHead);
    }
  }

  @Override
  public void ended(LastHttpContent last) {
    isPaused = false;
    isOver = true;
    gate.pass(last, () -> end(last));
  }

  /**
   * Ends the response. Until now the backend is held, as a drain must see the session it begins.
   */
  private void end(LastHttpContent last) {
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
    isOver = true;
    gate.drop();
    if (heard || exchange.hasBody()) {
      stopBody();
      exchange.lost(connection, heard);
    } else {
      exchange.unheard(connection);
    }
  }

  private void timeOut() {
    abandon();
    exchange.timeOut();
  }
}
