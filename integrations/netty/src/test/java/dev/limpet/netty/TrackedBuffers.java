package dev.limpet.netty;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledHeapByteBuf;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Allocates buffers and knows which of them are not released. */
final class TrackedBuffers extends AbstractByteBufAllocator {
  private final Queue<ByteBuf> buffers = new ConcurrentLinkedQueue<>();

  TrackedBuffers() {
    super(true);
  }

  long unreleased() {
    return buffers.stream().filter(buffer -> buffer.refCnt() > 0).count();
  }

  long allocated() {
    return buffers.size();
  }

  @Override
  protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
    return tracked(new UnpooledHeapByteBuf(this, initialCapacity, maxCapacity));
  }

  @Override
  protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
    return tracked(new UnpooledDirectByteBuf(this, initialCapacity, maxCapacity));
  }

  @Override
  public boolean isDirectBufferPooled() {
    return false;
  }

  private ByteBuf tracked(ByteBuf buffer) {
    buffers.add(buffer);
    return buffer;
  }
}
