package dev.limpet.vertx.internal.backend;

import static java.util.Objects.requireNonNull;

import dev.limpet.vertx.internal.net.BackendEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection to a backend, which serves one request at a time. For its event loop. */
public final class BackendConnection extends ChannelInboundHandlerAdapter {
  /*
   * A response must never reach another request. So a connection is kept for the next request only
   * if the request was sent completely before its response was complete, and if nothing arrived
   * after the response. Any byte that arrives while no request is under way closes the connection,
   * and before each use it is checked for bytes that the event loop has not read yet. If a response
   * is given up, its connection is closed.
   *
   * The client learns that its response is complete only after the connection is free again.
   *
   * A backend that answers an upload and then closes resets the connection, so a write may fail
   * before the response was read. So a socket error does not close the connection: reading
   * continues until its end, and a response that is still incomplete then counts as lost.
   *
   * With TLS, bytes also arrive that no request has caused and that are no surplus, such as session
   * tickets. So the check before a use does not look at the socket. It decodes what has arrived,
   * which closes the connection if there was anything of HTTP in it. While a record is decoded,
   * that is not possible; the connection then waits for another request. If a response ends with
   * its connection, TLS must end first: otherwise anyone on the way could cut it off.
   */

  /** How long a backend may take to read the rest of a body after it has responded. */
  private static final long MAX_UNREAD_MILLIS = 60_000;

  private final BackendSocket socket;
  private final Peer peer;
  private final @Nullable TlsHandler tls;
  private final KeptConnections kept;
  private final AnswerDecoder decoder = new AnswerDecoder(this::surplus);
  private @Nullable BackendEnd end;
  private @Nullable AnswerListener listener;
  private @Nullable TunnelListener tunnel;
  private boolean isReused;
  private boolean isSent;
  private boolean isAnswered;
  private boolean isInterim;
  private boolean isPersistent;
  private boolean mayUpgrade;
  private boolean isBroken;
  private boolean isTlsEnded;
  private boolean isClosing;
  private long keepNanos = KeptConnections.LIMIT_NANOS;

  BackendConnection(
      BackendSocket socket, Peer peer, @Nullable TlsHandler tls, KeptConnections kept) {
    this.socket = socket;
    this.peer = peer;
    this.tls = tls;
    this.kept = kept;
  }

  void attach() {
    if (tls != null) {
      socket.pipeline().addLast(tls);
    }
    socket.pipeline().addLast(new HttpRequestEncoder(), decoder, this);
    end = new BackendEnd(socket.pipeline().context((tls == null) ? this : tls));
  }

  /** Returns whether the connection has served a request before. */
  public boolean isReused() {
    return isReused;
  }

  /**
   * Sends a request, or only its head if it is not a {@link LastHttpContent}.
   *
   * @param upgrade whether the response may switch protocols
   */
  public void send(HttpRequest request, boolean upgrade, AnswerListener to) {
    listener = to;
    isAnswered = false;
    isInterim = false;
    mayUpgrade = upgrade;
    isSent = request instanceof LastHttpContent;
    decoder.await(request.method().equals(HttpMethod.HEAD));
    write(request);
  }

  /** Sends a piece of the request's body. */
  public void sendBody(ByteBuf piece) {
    write(new DefaultHttpContent(piece));
  }

  /** Ends the request's body. */
  public void endBody() {
    isSent = true;
    if (isAnswered) {
      listener = null;
      ChannelFuture unused = socket
          .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
          .addListener(ChannelFutureListener.CLOSE);
      end().closeWithin(MAX_UNREAD_MILLIS);
    } else {
      write(LastHttpContent.EMPTY_LAST_CONTENT);
    }
  }

  /** Sends bytes of a tunnel. */
  public void sendRaw(ByteBuf bytes) {
    write(bytes);
  }

  /** Returns whether more data can be written at once, without queuing up. */
  public boolean isWritable() {
    return socket.isWritable();
  }

  /** Stops reading until {@link #resume}. */
  public void pause() {
    socket.config().setAutoRead(false);
  }

  /** Reads again. */
  public void resume() {
    socket.config().setAutoRead(true);
  }

  /** Gives back a connection on which nothing was sent. */
  public void giveBack() {
    isReused = true;
    kept.keep(this, keepNanos);
  }

  /**
   * Closes the connection if the response is still under way. Its listener receives nothing more.
   */
  public void giveUp(AnswerListener answer) {
    if (answer.equals(listener)) {
      close();
    }
  }

  /** From now on, passes bytes in both directions, uninterpreted. */
  public void tunnel(TunnelListener to) {
    listener = null;
    tunnel = to;
    socket.pipeline().remove(HttpRequestEncoder.class);
    socket.pipeline().remove(decoder);
  }

  /**
   * Returns the means to close the connection even while there is something to be written to it.
   */
  public BackendEnd end() {
    return requireNonNull(end);
  }

  BackendSocket socket() {
    return socket;
  }

  /** Returns what the backend has done since its last response. */
  BackendSocket.State probe() {
    if (tls == null) {
      return socket.probe();
    }
    if (tls.isDecoding()) {
      return BackendSocket.State.BUSY;
    }
    socket.readNow();
    boolean isUsable = socket.isActive() && !isClosing && !tls.isMidRecord();
    return isUsable ? BackendSocket.State.SILENT : BackendSocket.State.GONE;
  }

  void close() {
    isClosing = true;
    listener = null;
    ChannelFuture unused = socket.close();
  }

  Peer peer() {
    return peer;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (tunnel != null && message instanceof ByteBuf bytes) {
      tunnel.received(bytes);
    } else if (listener != null && !isAnswered) {
      hear((HttpObject) message, listener);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void hear(HttpObject part, AnswerListener to) {
    if (part.decoderResult().isFailure() || (isCutOff() && !socket.isActive())) {
      ReferenceCountUtil.release(part);
      lose(to);
    } else if (part instanceof HttpResponse head) {
      hear(head, to);
    } else if (isInterim) {
      isInterim = false; // the end of a response without a body
    } else if (part instanceof LastHttpContent last) {
      complete(last, to);
    } else {
      to.continued(((HttpContent) part).content());
    }
  }

  private boolean isCutOff() {
    return isBroken || (tls != null && !isTlsEnded);
  }

  private void hear(HttpResponse head, AnswerListener to) {
    boolean switched = head.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS);
    if (switched && mayUpgrade) {
      to.switched(head);
    } else if (switched || !isHttp1(head)) {
      lose(to);
    } else if (head.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
      isInterim = true;
      to.interim(head);
    } else {
      isPersistent = HttpUtil.isKeepAlive(head);
      keepNanos = KeptConnections.nanos(head.headers().get("keep-alive"));
      to.began(head);
    }
  }

  private static boolean isHttp1(HttpResponse head) {
    int status = head.status().code();
    return head.protocolVersion().majorVersion() == 1 && status >= 100 && status <= 999;
  }

  private void complete(LastHttpContent last, AnswerListener to) {
    isAnswered = true;
    decoder.complete();
    if (isSent) {
      listener = null;
      keepOrClose();
    } else if (isPersistent) {
      resume();
    } else {
      close();
      to.bodyRefused();
    }
    to.ended(last);
  }

  /**
   * Keeps the connection for the next request, or closes it. A backend that responds while part of
   * the request is still to be written may never read that part.
   */
  private void keepOrClose() {
    ChannelOutboundBuffer unwritten = socket.unsafe().outboundBuffer();
    if (isPersistent
        && !isBroken
        && socket.isActive()
        && unwritten != null
        && unwritten.isEmpty()) {
      resume();
      isReused = true;
      kept.keep(this, keepNanos);
    } else {
      close();
    }
  }

  private void lose(AnswerListener to) {
    close();
    to.lost(decoder.isHeard());
  }

  private void surplus() {
    isClosing = true;
    isPersistent = false;
    kept.countSurplus();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (listener != null && !isAnswered) {
      listener.paused();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (!socket.isWritable()) {
      return;
    }
    if (tunnel != null) {
      tunnel.drained();
    } else if (listener != null) {
      listener.drained();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    AnswerListener to = listener;
    TunnelListener through = tunnel;
    listener = null;
    tunnel = null;
    if (through != null) {
      through.closed();
    } else if (to != null && isAnswered) {
      to.bodyRefused();
    } else if (to != null) {
      to.lost(decoder.isHeard());
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
      isTlsEnded = true;
      ChannelFuture unused = socket.close();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof IOException) {
      isBroken = true;
    } else if (cause.getCause() instanceof SSLException && listener != null && !isAnswered) {
      lose(listener);
    } else if (cause.getCause() instanceof SSLException) {
      end(listener);
    } else {
      kept.report(cause);
      end(listener);
    }
  }

  /**
   * Closes the connection after an error of the proxy, and notifies the listener; a tunnel ends
   * with the socket.
   */
  private void end(@Nullable AnswerListener to) {
    boolean wasAnswered = isAnswered;
    close();
    if (to != null && wasAnswered) {
      to.bodyRefused();
    } else if (to != null) {
      to.lost(true);
    }
  }

  private void write(Object message) {
    ChannelFuture unused = socket.writeAndFlush(message, socket.voidPromise());
  }
}
