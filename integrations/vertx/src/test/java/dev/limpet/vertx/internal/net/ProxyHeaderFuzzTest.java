package dev.limpet.vertx.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.limpet.vertx.internal.net.ProxyReading.Header;
import dev.limpet.vertx.internal.net.ProxyReading.Partial;
import dev.limpet.vertx.internal.net.ProxyReading.Proxied;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.HexFormat;

class ProxyHeaderFuzzTest {
  private static final int MAX_BYTES = 4 * 1024;
  private static final byte[] HEAD = HexFormat.of().parseHex("0d0a0d0a000d0a515549540a21");

  @FuzzTest
  void anyBytesAreAHeaderOrItsBeginningOrRefused_howeverTheyAreCut(byte[] bytes) {
    ProxyReading before = Partial.INCOMPLETE;
    for (int length = 0; length <= Math.min(bytes.length, MAX_BYTES + 1); length++) {
      ProxyReading now = read(bytes, length);
      if (before == Partial.INCOMPLETE) {
        assertThat(!(now instanceof Header header) || header.length() == length).isTrue();
      } else {
        assertThat(now).isEqualTo(before);
      }
      before = now;
    }
    assertThat(before == Partial.INCOMPLETE && bytes.length >= MAX_BYTES).isFalse();
    if (before instanceof Header header && header.proxied() != null) {
      byte[] again = block(header.proxied());
      assertThat(read(again, again.length)).isEqualTo(new Header(again.length, header.proxied()));
    }
  }

  private static ProxyReading read(byte[] bytes, int length) {
    return ProxyReading.of(Unpooled.wrappedBuffer(bytes, 0, length));
  }

  /** The same connection in the plainest header of version 2. */
  private static byte[] block(Proxied proxied) {
    byte[] client = proxied.client().getAddress().getAddress();
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.writeBytes(HEAD);
    block.write(client.length == 4 ? 0x11 : 0x21);
    block.write(0);
    block.write(2 * client.length + 4);
    block.writeBytes(client);
    block.writeBytes(proxied.server().getAddress().getAddress());
    writePort(block, proxied.client());
    writePort(block, proxied.server());
    return block.toByteArray();
  }

  private static void writePort(ByteArrayOutputStream block, InetSocketAddress end) {
    block.write(end.getPort() >> 8);
    block.write(end.getPort());
  }
}
