package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyHasher;
import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/**
 * Headers of a writer that keeps to the specification, of any client, in any spelling, cut
 * anywhere.
 */
class ProxyHeaderProperties {
  private static final byte[] REST = "PROXY TCP4 9.9.9.9 9.9.9.9 9 9\r\n".getBytes(ISO_8859_1);
  private static final KeyHasher HASHER = Environment.local().hasher();

  @Property
  void headerIsReadAsItWasWritten(@ForAll("headers") Sent sent) {
    ProxyReading reading = ProxyReading.of(Unpooled.wrappedBuffer(sent.header, REST));

    assertThat(reading).isInstanceOf(Header.class);
    Header header = (Header) reading;
    assertThat(header.length()).isEqualTo(sent.header.length);
    if (sent.client == null) {
      assertThat(header.proxied()).isNull();
    } else {
      assertThat(header.proxied().client().getAddress().getAddress()).isEqualTo(sent.client);
      assertThat(header.proxied().client().getPort()).isEqualTo(sent.port);
    }
  }

  @Property(tries = 200)
  void everyBeginningOfAHeaderIsIncomplete(@ForAll("headers") Sent sent) {
    for (int length = 0; length < sent.header.length; length++) {
      assertThat(ProxyReading.of(Unpooled.wrappedBuffer(sent.header, 0, length)))
          .isEqualTo(Partial.INCOMPLETE);
    }
  }

  @Property
  void headerInAnyPieces_isReadOnce_andWhatFollowsPasses(
      @ForAll("headers") Sent sent, @ForAll long seed) {
    EmbeddedChannel channel = new EmbeddedChannel(
        new ProxyHeaderDecoder(Duration.ofSeconds(5)), new HAProxyMessageDecoder());
    Random random = new Random(seed);
    ByteBuf all = Unpooled.wrappedBuffer(sent.header, REST);
    while (all.isReadable()) {
      int length = 1 + random.nextInt(Math.min(1 + random.nextInt(64), all.readableBytes()));
      channel.writeInbound(all.readBytes(length));
    }

    HAProxyMessage message = channel.readInbound();
    assertThat(message.sourcePort()).isEqualTo(sent.client == null ? 0 : sent.port);
    assertThat(sent.client == null ? message.sourceAddress() : client(message))
        .isEqualTo(sent.client == null ? null : address(sent.client));
    message.release();
    assertThat(rest(channel)).isEqualTo(REST);
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Property
  void bothVersionsGiveOneClientOneKey(
      @ForAll("addresses") byte[] client, @ForAll("ports") int port, @ForAll long seed)
      throws IOException {
    byte[] line = v1(client, client, port, new Random(seed));
    byte[] block = v2(client, client, port, new byte[0]);

    long key = key(line);

    assertThat(key).isEqualTo(key(block)).isEqualTo(HASHER.address(client));
  }

  @Provide
  Arbitrary<Sent> headers() {
    return Arbitraries.integers()
        .between(0, 9)
        .flatMap(kind -> Arbitraries.longs().map(seed -> sent(kind, new Random(seed))));
  }

  @Provide
  Arbitrary<byte[]> addresses() {
    return Arbitraries.longs().map(seed -> Spellings.address(new Random(seed)));
  }

  @Provide
  Arbitrary<Integer> ports() {
    return Arbitraries.integers().between(0, 65_535);
  }

  /** A header, and the client that it names; null if it names none. */
  static final class Sent {
    private final byte[] header;
    private final byte @Nullable [] client;
    private final int port;

    Sent(byte[] header, byte @Nullable [] client, int port) {
      this.header = header;
      this.client = client;
      this.port = port;
    }
  }

  private static Sent sent(int kind, Random random) {
    byte[] client = Spellings.address(random);
    byte[] server = client.clone();
    server[server.length - 1] ^= 1;
    int port = random.nextInt(65_536);
    try {
      return switch (kind) {
        case 0 -> new Sent(ProxyHeader.v1("UNKNOWN" + junk(random)), null, 0);
        case 1 -> new Sent(ProxyHeader.v2(0x20, random.nextInt(256), bytes(random)), null, 0);
        case 2 -> new Sent(ProxyHeader.v2(0x21, 0x00, bytes(random)), null, 0);
        case 3 -> new Sent(unix(random), null, 0);
        case 4, 5, 6 -> new Sent(v1(client, server, port, random), client, port);
        default -> new Sent(v2(client, server, port, tlvs(random, 3)), client, port);
      };
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Some spellings of two IPv6 addresses are too long for a line. */
  private static byte[] v1(byte[] client, byte[] server, int port, Random random) {
    byte[] line;
    do {
      line = ProxyHeader.v1((client.length == 4 ? "TCP4 " : "TCP6 ")
          + Spellings.of(client, random)
          + ' '
          + Spellings.of(server, random)
          + ' '
          + port
          + ' '
          + random.nextInt(65_536));
    } while (line.length > 107);
    return line;
  }

  private static byte[] v2(byte[] client, byte[] server, int port, byte[] tlvs) throws IOException {
    ByteBuffer body = ByteBuffer.allocate(2 * client.length + 4 + tlvs.length);
    body.put(client).put(server).putShort((short) port).putShort((short) 80).put(tlvs);
    return ProxyHeader.v2(0x21, client.length == 4 ? 0x11 : 0x21, body.array());
  }

  private static byte[] unix(Random random) throws IOException {
    byte[] addresses = new byte[216];
    random.nextBytes(addresses);
    return ProxyHeader.v2(0x21, 0x31, ProxyHeader.concat(addresses, tlvs(random, 3)));
  }

  private static byte[] tlvs(Random random, int levels) throws IOException {
    byte[] all = {};
    for (int i = random.nextInt(4); i > 0; i--) {
      boolean nested = levels > 0 && random.nextBoolean();
      byte[] one = nested
          ? ProxyHeader.tlv(0x20, ProxyHeader.concat(new byte[5], tlvs(random, levels - 1)))
          : ProxyHeader.tlv(0x21 + random.nextInt(200), bytes(random));
      all = ProxyHeader.concat(all, one);
    }
    return all;
  }

  private static byte[] bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(30)];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String junk(Random random) {
    StringBuilder junk = new StringBuilder();
    for (int i = random.nextInt(80); i > 0; i--) {
      junk.append(junk.isEmpty() ? ' ' : (char) ('\n' + 1 + random.nextInt(200)));
    }
    return junk.toString().replace('\r', ' ');
  }

  private static long key(byte[] header) {
    EmbeddedChannel channel = new EmbeddedChannel(
        new ProxyHeaderDecoder(Duration.ofSeconds(5)), new HAProxyMessageDecoder());
    channel.writeInbound(Unpooled.wrappedBuffer(header));
    HAProxyMessage message = channel.readInbound();
    message.release();
    channel.finishAndReleaseAll();
    return HASHER.address(client(message));
  }

  /** The client as Vert.x keeps it and the gateway reads it. */
  private static InetAddress client(HAProxyMessage message) {
    return Addresses.inet(
        SocketAddress.inetSocketAddress(message.sourcePort(), message.sourceAddress()));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] rest(EmbeddedChannel channel) {
    ByteBuf rest = Unpooled.buffer();
    for (ByteBuf piece = channel.readInbound(); piece != null; piece = channel.readInbound()) {
      rest.writeBytes(piece);
      piece.release();
    }
    return ByteBufUtil.getBytes(rest);
  }
}
