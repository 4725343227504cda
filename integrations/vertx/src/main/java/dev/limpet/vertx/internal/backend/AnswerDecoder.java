package dev.limpet.vertx.internal.backend;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Decodes the responses of a backend, one for each request. Bytes that arrive while no response is
 * awaited are not decoded: the connection is closed.
 */
final class AnswerDecoder extends HttpResponseDecoder {
  private static final int MAX_STATUS_LINE = 16 * 1024;
  private static final int MAX_HEADER_BYTES = 64 * 1024;
  private static final int MAX_PIECE = 64 * 1024;

  private final Runnable surplus;
  private boolean isAwaiting;
  private boolean isForHead;
  private boolean isHeard;

  /**
   * Makes a decoder that does not await a response yet.
   *
   * @param surplus runs when bytes arrive that do not belong to a response
   */
  AnswerDecoder(Runnable surplus) {
    super(new HttpDecoderConfig()
        .setMaxInitialLineLength(MAX_STATUS_LINE)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_PIECE));
    this.surplus = surplus;
  }

  /**
   * Awaits the response to a request that is about to be sent.
   *
   * @param head whether the method is HEAD, to which a response has no body
   */
  void await(boolean head) {
    isAwaiting = true;
    isForHead = head;
    isHeard = false;
  }

  /** Treats the response as complete, and reports surplus bytes that came with it. */
  void complete() {
    isAwaiting = false;
    if (internalBuffer().isReadable()) {
      surplus.run();
    }
  }

  /** Returns whether any byte has arrived since the request. */
  boolean isHeard() {
    return isHeard;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object bytes) throws Exception {
    if (isAwaiting) {
      isHeard = true;
      super.channelRead(context, bytes);
    } else {
      ReferenceCountUtil.release(bytes);
      surplus.run();
      ChannelFuture unused = context.close();
    }
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    int status = ((HttpResponse) message).status().code();
    return isForHead || status < 200 || status == 204 || status == 304;
  }
}
