package dev.limpet.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.output.CommandOutput;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The reply of a script: the call's number, a status, the stored value, its remaining milliseconds,
 * and whether there was garbage. A reply of any other shape counts as a reply to no call. No value
 * longer than a binding is copied.
 */
final class Reply extends CommandOutput<byte[], byte[], Reply> {
  static final long STORED = 1;
  static final long HELD = 2;
  static final long ABSENT = 3;

  static final int NUMBER_LENGTH = Long.BYTES;

  private static final int PARTS = 5;

  private long call;
  private long status;
  private byte @Nullable [] value;
  private long left;
  private long garbage;
  private int parts;
  private boolean wellFormed = true;

  Reply() {
    super(ByteArrayCodec.INSTANCE, null);
  }

  @Override
  public Reply get() {
    return this;
  }

  @Override
  public void multi(int count) {
    wellFormed &= parts == 0 && count == PARTS;
  }

  @Override
  public void set(@Nullable ByteBuffer bytes) {
    if (bytes == null) {
      wellFormed = false;
    } else if (parts == 0 && bytes.remaining() == NUMBER_LENGTH) {
      call = bytes.getLong();
    } else if (parts == 2 && bytes.remaining() <= BindingText.MAX_LENGTH) {
      value = ByteArrayCodec.INSTANCE.decodeValue(bytes);
    } else {
      wellFormed = false;
    }
    parts++;
  }

  @Override
  public void set(long integer) {
    switch (parts) {
      case 1 -> status = integer;
      case 3 -> left = integer;
      case 4 -> garbage = integer;
      default -> wellFormed = false;
    }
    parts++;
  }

  @Override
  public void setSingle(ByteBuffer bytes) {
    wellFormed = false;
  }

  @Override
  public void set(double number) {
    wellFormed = false;
  }

  @Override
  public void set(boolean value) {
    wellFormed = false;
  }

  /** Returns whether this is the reply to the call with this number. */
  boolean isTo(long number) {
    return wellFormed && parts == PARTS && call == number && status >= STORED && status <= ABSENT;
  }

  long status() {
    return status;
  }

  byte @Nullable [] value() {
    return value;
  }

  /** {@return the time for which the store keeps the value, in milliseconds} */
  long left() {
    return Math.max(0, left);
  }

  boolean hadGarbage() {
    return garbage != 0;
  }
}
