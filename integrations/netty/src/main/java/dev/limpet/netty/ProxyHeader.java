package dev.limpet.netty;

import static java.util.Objects.requireNonNull;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.NetUtil;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the source address of a client's PROXY header, version 1 or 2, for {@link ClientAddress}.
 * Add it after Netty's {@link HAProxyMessageDecoder}, and connect when the header has been read:
 *
 * <pre>{@code
 * client.pipeline().addLast(new HAProxyMessageDecoder(), new ProxyHeader(this::connect));
 * }</pre>
 *
 * <p>A client can write any address into its header. So use this only on a port that nobody but
 * your load balancers can reach. A header that never comes is not noticed here; put a read timeout
 * before the decoder.
 *
 * <p>A channel that begins with anything but a valid header is closed, and the decoder's exception
 * goes on to the next handler. Needs {@code netty-codec-haproxy}.
 */
public final class ProxyHeader extends ChannelInboundHandlerAdapter {
  private final Consumer<? super Channel> next;
  private boolean isRejected;

  /**
   * Makes a handler for one channel.
   *
   * @param next called once, on the channel's event loop, when the header has been read. If it
   *     throws, the channel is closed
   */
  public ProxyHeader(Consumer<? super Channel> next) {
    this.next = requireNonNull(next, "next");
  }

  /**
   * Returns the source address that a channel's header named. For use by any thread.
   *
   * @param client the client's channel
   * @return the address and the port; null if no header was read, or if it named no IP address, as
   *     one does for {@code LOCAL}, for {@code UNKNOWN}, or for a Unix domain socket
   */
  public static @Nullable InetSocketAddress source(Channel client) {
    return client.attr(ClientAddress.PROXIED).get();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message)
      throws UnknownHostException {
    if (message instanceof HAProxyMessage header) {
      keep(context.channel(), header);
      next.accept(context.channel());
      context.pipeline().remove(this);
    } else {
      ReferenceCountUtil.release(message); // what follows a header that the decoder rejected
      close(context);
    }
  }

  @Override
  @SuppressWarnings("deprecation") // deprecated in ChannelHandler, but not in its inbound handlers
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!isRejected) { // the decoder fails again when the channel is closed
      isRejected = true;
      context.fireExceptionCaught(cause);
      close(context);
    }
  }

  private static void keep(Channel client, HAProxyMessage header) throws UnknownHostException {
    try {
      client.attr(ClientAddress.PROXIED).set(source(header));
    } finally {
      header.release();
    }
  }

  private static @Nullable InetSocketAddress source(HAProxyMessage header)
      throws UnknownHostException {
    String address = header.sourceAddress();
    if (address == null || header.command() == HAProxyCommand.LOCAL) {
      return null;
    }
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    return (bytes == null)
        ? null
        : new InetSocketAddress(InetAddress.getByAddress(bytes), header.sourcePort());
  }

  private static void close(ChannelHandlerContext context) {
    ChannelFuture unused = context.close();
  }
}
