package dev.limpet.vertx.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** PROXY headers, good or bad, leave no buffer behind. */
class ProxyHeaderLeakTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String TCP4 = "2111";
  private static final String ADDRESSES = "01020304050607080fa00050";

  private final EmbeddedChannel channel = new EmbeddedChannel(
      new ProxyHeaderDecoder(Duration.ofSeconds(5)), new HAProxyMessageDecoder());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "040003616263", // filling
        "2000050000000000", // of TLS
        "2000080000000000210000", // with one inside
      })
  void goodHeader_isReadAndLeavesNoBuffer(String tlvs) {
    ByteBuf header = header(tlvs);
    channel.writeInbound(header);
    HAProxyMessage read = channel.readInbound();
    assertThat(read.sourceAddress()).isEqualTo("1.2.3.4");
    read.release();
    channel.finishAndReleaseAll();
    assertThat(header.refCnt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "200000", // of TLS, which has 5 bytes or more
        "20000100",
        "2000020000",
        "200003000000",
        "20000400000000",
        "200009000000000021000161",
        "200009000000000021000961", // one inside, which ends behind it
        "20000700000000002100",
        "20000800000000002000002000050000000000", // with one of TLS inside that is too short
        "200009000000000020000100",
        "20000d00000000002000050000000000",
        "2000ff0000000000", // which ends behind the header
        "2000",
        "20"
      })
  void oddHeader_leavesNoBuffer(String tlvs) {
    ByteBuf header = header(tlvs);
    channel.writeInbound(header); // accepted or refused: what counts is what it leaves
    channel.finishAndReleaseAll();
    assertThat(header.refCnt()).isZero();
  }

  private static ByteBuf header(String tlvs) {
    int length = (ADDRESSES.length() + tlvs.length()) / 2;
    return Unpooled.wrappedBuffer(ByteBufUtil.decodeHexDump(
        SIGNATURE + TCP4 + String.format("%04x", length) + ADDRESSES + tlvs));
  }
}
