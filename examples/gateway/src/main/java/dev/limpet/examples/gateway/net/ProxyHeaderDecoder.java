package dev.limpet.examples.gateway.net;

import dev.limpet.examples.gateway.net.ProxyReading.Header;
import dev.limpet.examples.gateway.net.ProxyReading.Partial;
import dev.limpet.examples.gateway.net.ProxyReading.Proxied;
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
 * Reads the PROXY header that a connection begins with; closes it if that is refused or not whole
 * in time.
 */
final class ProxyHeaderDecoder extends ByteToMessageDecoder {
  /*
   * Vert.x puts Netty's decoder into the pipeline and waits for its message. That decoder takes
   * much that is no header, reads one address differently in the two versions, and goes away when
   * it fails. This one, which is before it, gives Vert.x the message in its stead, so it never sees
   * a byte. Whatever becomes of the bytes, the deadline counts until a header was accepted.
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
          .remove(this); // what follows goes to the handlers that the message has brought
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
