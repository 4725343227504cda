package dev.limpet.examples.gateway.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProxyHeaderLimitTest {
  private static final String HEADER = "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\n";

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @Test
  void headerThatIsNotCompleteInTime_closes_evenIfBytesKeepComing() {
    start();
    for (int i = 0; i < 4; i++) {
      receive(HEADER.substring(i, i + 1));
      assertThat(channel.isOpen()).isTrue();
      pass(Duration.ofSeconds(1).plusMillis(200));
    }
    assertThat(channel.isOpen()).isTrue();
    pass(Duration.ofMillis(200));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void silence_closes() {
    start();
    pass(Duration.ofSeconds(5));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void completeHeader_endsTheLimit() {
    start();
    receive(HEADER);
    assertThat(channel.pipeline().get(ProxyHeaderLimit.class)).isNull();
    pass(Duration.ofSeconds(60));
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void headerOfMoreThan4KiB_closes() {
    start();
    receive("\r\n\r\n\0\r\nQUIT\n!\u0011p\0");
    for (int i = 0; i < 8; i++) {
      assertThat(channel.isOpen()).isTrue();
      receive("x".repeat(510));
    }
    receive("x".repeat(100));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void headerOfOneByteMoreThan4KiB_closes_evenIfItComesInOnePiece() {
    start();
    receive("\r\n\r\n\0\r\nQUIT\n!\0\u000f\u00f1" + "x".repeat(4081));
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void whatFollowsAHeaderInTheSamePiece_passes() {
    start();
    receive("\r\n\r\n\0\r\nQUIT\n!\0\u000f\u00f0" + "x".repeat(4080) + "and more");
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.<Object>readInbound()).isInstanceOf(HAProxyMessage.class);
    assertThat(channel.<ByteBuf>readInbound().toString(StandardCharsets.ISO_8859_1))
        .isEqualTo("and more");
    assertThat(channel.<Object>readInbound()).isNull();
  }

  private void start() {
    channel.freezeTime();
    channel.pipeline().addFirst(new HAProxyMessageDecoder());
    channel.pipeline().addFirst(new ProxyHeaderLimit(Duration.ofSeconds(5)));
    channel.pipeline().fireChannelActive();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }
}
