package dev.limpet.examples.gateway.backend;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;

/**
 * Decodes the answers of a backend, one to each request. Bytes that come while no answer is awaited
 * are not decoded: the connection is closed.
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
   * Makes a decoder that awaits nothing yet.
   *
   * @param surplus is run when bytes come that are no part of an answer
   */
  AnswerDecoder(Runnable surplus) {
    super(new HttpDecoderConfig()
        .setMaxInitialLineLength(MAX_STATUS_LINE)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxChunkSize(MAX_PIECE));
    this.surplus = surplus;
  }

  /**
   * Awaits the answer to a request that is about to be sent.
   *
   * @param head whether its method is HEAD, the answer to which has no body
   */
  void await(boolean head) {
    isAwaiting = true;
    isForHead = head;
    isHeard = false;
  }

  /** Takes the answer as complete, and reports the bytes that came with it if there are any. */
  void complete() {
    isAwaiting = false;
    if (internalBuffer().isReadable()) {
      surplus.run();
    }
  }

  /** Returns whether any byte has come since the request. */
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
