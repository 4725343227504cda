package dev.limpet.vertx.internal.net;

import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import dev.limpet.vertx.internal.net.ProxyReading.Proxied;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.concurrent.Future;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the PROXY header at the beginning of a connection. Closes the connection if the header is
 * rejected or is not complete in time.
 */
final class ProxyHeaderDecoder extends ByteToMessageDecoder {
  /*
   * Vert.x adds Netty's decoder to the pipeline and waits for its message. That decoder accepts
   * many invalid headers, reads one address differently in the two versions, and removes itself
   * when it fails. This decoder comes before it and sends Vert.x the message, so the other one
   * never sees a byte. Whatever bytes arrive, the deadline applies until a header was accepted.
   */

  private final Duration deadline;
  private @Nullable Future<?> alarm;

  ProxyHeaderDecoder(Duration deadline) {
    this.deadline = deadline;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    alarm = context
        .executor()
        .schedule(() -> close(context), deadline.toMillis(), TimeUnit.MILLISECONDS);
    context.fireChannelActive();
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
    ProxyReading reading = ProxyReading.of(bytes);
    if (reading instanceof Header header) {
      bytes.skipBytes(header.length());
      context.pipeline().remove(HAProxyMessageDecoder.class);
      context.fireChannelRead(message(header.proxied()));
      context
          .pipeline()
          .remove(this); // later bytes go to the handlers that Vert.x added for the message
    } else if (reading == Partial.REFUSED) {
      bytes.skipBytes(bytes.readableBytes());
      close(context);
    }
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) {
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  private static HAProxyMessage message(@Nullable Proxied proxied) {
    if (proxied == null) {
      return new HAProxyMessage(
          HAProxyProtocolVersion.V2,
          HAProxyCommand.LOCAL,
          HAProxyProxiedProtocol.UNKNOWN,
          null,
          null,
          0,
          0);
    }
    InetSocketAddress client = proxied.client();
    InetSocketAddress server = proxied.server();
    return new HAProxyMessage(
        HAProxyProtocolVersion.V2,
        HAProxyCommand.PROXY,
        (client.getAddress() instanceof Inet4Address)
            ? HAProxyProxiedProtocol.TCP4
            : HAProxyProxiedProtocol.TCP6,
        client.getAddress().getHostAddress(),
        server.getAddress().getHostAddress(),
        client.getPort(),
        server.getPort());
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }
}
