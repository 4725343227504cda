package dev.limpet.undertow;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.StreamSourceConduit;

/** The octets that come through a tunnel, and a task for their end. */
final class TunnelSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private final Runnable atEnd;

  TunnelSource(StreamSourceConduit next, Runnable atEnd) {
    super(next);
    this.atEnd = atEnd;
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    return (int) noticed(next.read(buffer));
  }

  @Override
  public long read(ByteBuffer[] buffers, int offset, int length) throws IOException {
    return noticed(next.read(buffers, offset, length));
  }

  @Override
  public long transferTo(long position, long count, FileChannel target) throws IOException {
    return noticed(next.transferTo(position, count, target));
  }

  @Override
  public long transferTo(long count, ByteBuffer buffer, StreamSinkChannel target)
      throws IOException {
    return noticed(next.transferTo(count, buffer, target));
  }

  private long noticed(long octets) {
    if (octets < 0) {
      atEnd.run();
    }
    return octets;
  }
}
