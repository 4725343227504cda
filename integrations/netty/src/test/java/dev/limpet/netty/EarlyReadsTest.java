package dev.limpet.netty;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyReadsTest {
  private final Reads reads = new Reads();
  private final EarlyReads early = new EarlyReads();
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final List<Object> seen = new ArrayList<>();

  EarlyReadsTest() {
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(reads, early);
    reads.count = 0;
  }

  @Test
  void whatComesEarly_isDeliveredInOrderByTheFirstReadAfterOpening() {
    channel.writeInbound(bytes("a"), bytes("b"));
    channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    channel.read();
    early.open();
    channel.pipeline().addLast(new Recorder());
    assertThat(seen).isEmpty();

    channel.read();

    assertThat(seen).containsExactly("a", "b", "complete", ChannelInputShutdownEvent.INSTANCE);
    channel.writeInbound(bytes("c"));
    assertThat(seen).endsWith("c", "complete");
    assertThat(channel.pipeline().get(EarlyReads.class)).isNull();
  }

  @Test
  void readWithNothingKept_goesOnToTheChannel() {
    early.open();

    channel.read();

    assertThat(reads.count).isOne();
  }

  @Test
  void readThatIsAnsweredByWhatWasKept_goesOnOnlyIfTheChannelReadsByItself() {
    channel.writeInbound(bytes("a"));
    early.open();
    reads.count = 0;
    channel.read();
    assertThat(reads.count).isZero();

    EarlyReads second = new EarlyReads();
    channel.pipeline().addLast(second);
    channel.writeInbound(bytes("b"));
    second.open();
    reads.count = 0;
    channel.config().setAutoRead(true);
    assertThat(reads.count).isOne();
  }

  @Test
  void itReadsUntilItHasEnough() {
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[60_000]));
    assertThat(reads.count).isOne();

    channel.writeInbound(Unpooled.wrappedBuffer(new byte[10_000]));

    assertThat(reads.count).isOne();
  }

  @Test
  void itDoesNotReadOnceItIsOpen() {
    early.open();

    channel.writeInbound(bytes("a"));

    assertThat(reads.count).isZero();
  }

  @Test
  void discard_releasesWhatWasKept() {
    ByteBuf kept = bytes("a");
    channel.writeInbound(kept);
    assertThat(kept.refCnt()).isOne();

    early.discard();

    assertThat(kept.refCnt()).isZero();
    early.discard();
  }

  @Test
  void closedChannel_releasesWhatWasKept() {
    ByteBuf kept = bytes("a");
    channel.writeInbound(kept);
    early.open();

    var unused = channel.close();
    channel.runPendingTasks();

    assertThat(kept.refCnt()).isZero();
  }

  @Test
  void reset_closesTheChannel_butOtherFailuresDoNot() {
    List<Throwable> caught = new ArrayList<>();
    channel.pipeline().addLast(new ChannelInboundHandlerAdapter() {
      @Override
      public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        caught.add(cause);
      }
    });
    IllegalStateException other = new IllegalStateException();
    channel.pipeline().fireExceptionCaught(other);
    assertThat(channel.isOpen()).isTrue();
    assertThat(caught).containsExactly(other);

    channel.pipeline().fireExceptionCaught(new IOException("Connection reset"));

    assertThat(channel.isOpen()).isFalse();
    assertThat(caught).hasSize(1);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }

  /** Counts the reads that reach the channel. */
  private static final class Reads extends ChannelOutboundHandlerAdapter {
    private int count;

    @Override
    public void read(ChannelHandlerContext context) {
      count++;
    }
  }

  private final class Recorder extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      seen.add(bytes.toString(US_ASCII));
      bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      seen.add("complete");
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      seen.add(event);
    }
  }
}
