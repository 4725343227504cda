package dev.limpet.netty;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProxyHeaderTest {
  private static final InetSocketAddress PEER = new InetSocketAddress("10.0.0.9", 4711);

  private final List<Channel> read = new ArrayList<>();
  private final EmbeddedChannel channel = new ChannelOf(PEER, new ProxyHeader(read::add));

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 10.0.0.1 5000 80, 192.0.2.1, 5000",
    "PROXY TCP6 2001:db8::1 ::1 5001 80, 2001:db8::1, 5001",
    "PROXY TCP6 ::ffff:192.0.2.1 ::1 5002 80, 192.0.2.1, 5002",
  })
  void header_namesTheClient(String header, String address, int port) throws Exception {
    EmbeddedChannel client =
        new ChannelOf(PEER, new HAProxyMessageDecoder(), new ProxyHeader(read::add));

    client.writeInbound(Unpooled.copiedBuffer(header + "\r\nhello", ISO_8859_1));

    assertThat(ProxyHeader.source(client))
        .isEqualTo(new InetSocketAddress(InetAddress.getByName(address), port));
    assertThat(ClientAddress.of(client)).isEqualTo(InetAddress.getByName(address));
    assertThat(read).containsExactly(client);
    ByteBuf rest = client.readInbound();
    assertThat(rest.toString(ISO_8859_1)).isEqualTo("hello");
    rest.release();
    assertThat(client.pipeline().get(ProxyHeader.class)).isNull();
  }

  @Test
  void message_isReleased() {
    HAProxyMessage message = message(HAProxyCommand.PROXY, HAProxyProxiedProtocol.TCP4);

    channel.writeInbound(message);

    assertThat(message.refCnt()).isZero();
    assertThat(ProxyHeader.source(channel)).isEqualTo(new InetSocketAddress("192.0.2.1", 5000));
  }

  @Test
  void local_leavesThePeer_evenIfItNamesAnAddress() {
    channel.writeInbound(message(HAProxyCommand.LOCAL, HAProxyProxiedProtocol.TCP4));

    assertThat(ProxyHeader.source(channel)).isNull();
    assertThat(ClientAddress.of(channel)).isEqualTo(PEER.getAddress());
    assertThat(read).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNIX_STREAM", "UNIX_DGRAM"})
  void unixSocket_leavesThePeer(HAProxyProxiedProtocol protocol) {
    channel.writeInbound(new HAProxyMessage(
        HAProxyProtocolVersion.V2, HAProxyCommand.PROXY, protocol, "/run/a", "/run/b", 0, 0));

    assertThat(ProxyHeader.source(channel)).isNull();
    assertThat(ClientAddress.of(channel)).isEqualTo(PEER.getAddress());
  }

  @Test
  void anythingElse_closesTheChannel() {
    ByteBuf bytes = Unpooled.copiedBuffer("GET", ISO_8859_1);

    channel.writeInbound(bytes);

    assertThat(bytes.refCnt()).isZero();
    assertThat(channel.isOpen()).isFalse();
    assertThat(read).isEmpty();
  }

  @Test
  void rejectedHeader_closesTheChannel_andItsExceptionGoesOnOnce() {
    EmbeddedChannel client =
        new ChannelOf(PEER, new HAProxyMessageDecoder(), new ProxyHeader(read::add));

    assertThatThrownBy(() -> client.writeInbound(
            Unpooled.copiedBuffer("PROXY TCP4 a b 1 2\r\nmore\r\n", ISO_8859_1)))
        .isInstanceOf(HAProxyProtocolException.class);

    assertThat(client.isOpen()).isFalse();
    assertThat(read).isEmpty();
    client.finish(); // throws what reached the end of the pipeline since
  }

  @Test
  void callbackThatThrows_closesTheChannel() {
    EmbeddedChannel client = new ChannelOf(PEER, new ProxyHeader(any -> {
      throw new IllegalStateException("no");
    }));

    assertThatThrownBy(
            () -> client.writeInbound(message(HAProxyCommand.PROXY, HAProxyProxiedProtocol.TCP4)))
        .hasMessage("no");

    assertThat(client.isOpen()).isFalse();
  }

  @Test
  void channelWithoutAnIpAddress_hasNoClientAddress() {
    assertThat(ClientAddress.of(new EmbeddedChannel())).isNull();
    assertThat(ClientAddress.of(new ChannelOf(null))).isNull();
    assertThat(ClientAddress.of(new ChannelOf(InetSocketAddress.createUnresolved("site", 1))))
        .isNull();
  }

  @Test
  void clientAddress_needsNoPartOfTheProxyCodec() throws Exception {
    URL[] classPath = {ClientAddress.class.getProtectionDomain().getCodeSource().getLocation()};
    ClassLoader withoutCodec = new ClassLoader(getClass().getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (name.startsWith("io.netty.handler.codec") || name.startsWith("dev.limpet.netty")) {
          throw new ClassNotFoundException(name);
        }
        return super.loadClass(name, resolve);
      }
    };
    try (URLClassLoader loader = new URLClassLoader(classPath, withoutCodec)) {
      Class<?> type = loader.loadClass("dev.limpet.netty.ClientAddress");

      assertThat(type).isNotSameAs(ClientAddress.class);
      assertThat(type.getMethod("of", Channel.class).invoke(null, new ChannelOf(PEER)))
          .isEqualTo(PEER.getAddress());
    }
  }

  private static HAProxyMessage message(HAProxyCommand command, HAProxyProxiedProtocol protocol) {
    return new HAProxyMessage(
        HAProxyProtocolVersion.V2, command, protocol, "192.0.2.1", "10.0.0.1", 5000, 80);
  }

  /** A channel with a peer. */
  private static final class ChannelOf extends EmbeddedChannel {
    private final SocketAddress peer;

    ChannelOf(SocketAddress peer, ChannelHandler... handlers) {
      super(handlers);
      this.peer = peer;
    }

    @Override
    protected SocketAddress remoteAddress0() {
      return peer;
    }
  }
}
