package dev.limpet.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Keeps what a client sends while its backend is being connected to. */
final class EarlyReads extends ChannelDuplexHandler {
  /*
   * It reads, because a channel that is not read does not notice that its client has left. Reads
   * of others are dropped until the backend is connected. The next one then delivers what was kept:
   * it shows that the handlers for it are in place.
   */
  private static final int ENOUGH = 65_536;

  private final Queue<Object> messages = new ArrayDeque<>();
  private final Queue<Object> ends = new ArrayDeque<>(); // events that come after all messages
  private @Nullable ChannelHandlerContext context;
  private long size;
  private boolean isOpen;
  private boolean isAsked;

  /** Lets the next read deliver what was kept. */
  void open() {
    isOpen = true;
  }

  /** Releases what was kept, and keeps nothing any more. */
  void discard() {
    if (context != null && !context.isRemoved()) {
      context.pipeline().remove(this);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    context = added;
    if (added.channel().isActive()) {
      added.read();
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext active) {
    active.fireChannelActive();
    active.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext reading, Object message) {
    messages.add(message);
    size += size(message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext reading) {
    if (!isOpen && size < ENOUGH) {
      reading.read();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext reading, Object event) {
    if (event instanceof ChannelInputShutdownEvent
        || event instanceof ChannelInputShutdownReadComplete) {
      ends.add(event);
    } else {
      reading.fireUserEventTriggered(event);
    }
  }

  /** A client that resets its connection has left, also if it may shut down its output. */
  @Override
  @SuppressWarnings("deprecation") // deprecated in ChannelHandler, but not in its inbound handlers
  public void exceptionCaught(ChannelHandlerContext reading, Throwable cause) {
    if (cause instanceof IOException) {
      ChannelFuture unused = reading.close();
    } else {
      reading.fireExceptionCaught(cause);
    }
  }

  @Override
  public void read(ChannelHandlerContext asked) {
    if (isOpen) {
      isAsked = true;
      asked.pipeline().remove(this);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    if (isAsked) {
      deliver(removed);
    } else {
      messages.forEach(ReferenceCountUtil::release);
    }
  }

  private void deliver(ChannelHandlerContext removed) {
    boolean wasKept = !messages.isEmpty();
    messages.forEach(removed::fireChannelRead);
    if (wasKept) {
      removed.fireChannelReadComplete();
    }
    ends.forEach(removed::fireUserEventTriggered);
    if (!wasKept || removed.channel().config().isAutoRead()) {
      removed.read();
    }
  }

  private static int size(Object message) {
    if (message instanceof ByteBuf bytes) {
      return bytes.readableBytes();
    }
    return (message instanceof ByteBufHolder holder) ? holder.content().readableBytes() : 1;
  }
}
