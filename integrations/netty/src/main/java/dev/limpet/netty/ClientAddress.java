package dev.limpet.netty;

import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Finds the address of a client, for sessions by source address:
 *
 * <pre>{@code
 * StickyRouter<Channel> router =
 *     StickyRouter.of(pool, SourceIpAffinity.builder(ClientAddress::of).build());
 * }</pre>
 */
public final class ClientAddress {
  static final AttributeKey<InetSocketAddress> PROXIED =
      AttributeKey.valueOf(ClientAddress.class, "proxied");

  private ClientAddress() {}

  /**
   * Returns the address of a channel's client: the source of its {@link ProxyHeader} or, if it has
   * none, the address of its peer. Looks up no name. For use by any thread.
   *
   * @param client the client's channel
   * @return the address; null if absent, as for a Unix domain socket or an embedded channel
   */
  public static @Nullable InetAddress of(Channel client) {
    InetSocketAddress proxied = client.attr(PROXIED).get();
    if (proxied != null) {
      return proxied.getAddress();
    }
    return (client.remoteAddress() instanceof InetSocketAddress peer) ? peer.getAddress() : null;
  }
}
