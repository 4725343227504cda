package dev.limpet.vertx.internal.net;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderDecoderTest {
  private static final String HEADER = "PROXY TCP4 1.2.3.4 5.6.7.8 1000 80\r\n";
  private static final String V2 = "\r\n\r\n\0\r\nQUIT\n";

  private final EmbeddedChannel channel = new EmbeddedChannel();

  @AfterEach
  void finish() {
    channel.finishAndReleaseAll();
  }

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
    assertThat(channel.pipeline().names()).containsExactly("DefaultChannelPipeline$TailContext#0");
    pass(Duration.ofSeconds(60));
    assertThat(channel.isOpen()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        V2 + "!\u0011\0\u0010addressesxxx\u0004\0\u0002y",
        V2 + "!\u0011\0\u000baddresses",
        V2 + "1",
        "PROXY TCP4 1.2.3.4 5.6.7.8 1000 +80\r\n",
        "G"
      })
  void refusedHeader_closesAtOnce_evenIfAGoodOneFollows(String header) {
    start();
    receive(header + HEADER);
    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  @Test
  void whatFollows_reachesTheHandlersThatTheMessageBrings() {
    start();
    List<Object> read = new ArrayList<>();
    channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
      @Override
      public void channelRead(ChannelHandlerContext context, Object message) {
        ReferenceCountUtil.release(message);
        context.pipeline().remove(this);
        context.pipeline().addLast(new ChannelInboundHandlerAdapter() {
          @Override
          public void channelRead(ChannelHandlerContext added, Object rest) {
            read.add(((ByteBuf) rest).toString(ISO_8859_1));
            ReferenceCountUtil.release(rest);
          }
        });
      }
    });
    receive(HEADER + "and more");
    receive("and more still");
    assertThat(read).containsExactly("and more", "and more still");
  }

  @Test
  void header_ofMoreThan4KiB_closesWhenItsLengthIsKnown() {
    start();
    receive(V2 + "!\u0011\u000f");
    assertThat(channel.isOpen()).isTrue();
    receive("\u00f1");
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void whatFollowsAHeaderInTheSamePiece_passes() {
    start();
    receive(V2 + "!\0\u000f\u00f0" + "x".repeat(4080) + "and more");
    assertThat(channel.isOpen()).isTrue();
    HAProxyMessage message = channel.readInbound();
    assertThat(message.sourceAddress()).isNull();
    message.release();
    assertRead("and more");
  }

  private void start() {
    channel.freezeTime();
    channel.pipeline().addFirst(new HAProxyMessageDecoder());
    channel.pipeline().addFirst(new ProxyHeaderDecoder(Duration.ofSeconds(5)));
    channel.pipeline().fireChannelActive();
  }

  private void receive(String text) {
    channel.writeInbound(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  private void assertRead(String text) {
    ByteBuf bytes = channel.readInbound();
    assertThat(bytes.toString(ISO_8859_1)).isEqualTo(text);
    bytes.release();
    assertThat(channel.<Object>readInbound()).isNull();
  }

  private void pass(Duration time) {
    channel.advanceTimeBy(time.toMillis(), TimeUnit.MILLISECONDS);
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }
}
