package dev.limpet.vertx.internal.net;

import io.netty.buffer.ByteBuf;

/**
 * The values that may follow the addresses in a PROXY header of version 2, each with a type and a
 * length.
 */
final class ProxyTlvs {
  private static final int HEAD_BYTES = 3;
  private static final int TLS = 0x20;
  private static final int TLS_BYTES = 5;
  private static final int MAX_LEVELS = 129;

  private ProxyTlvs() {}

  /** Returns whether the bytes consist of complete values only. */
  static boolean areWhole(ByteBuf bytes) {
    return areWhole(bytes, MAX_LEVELS);
  }

  private static boolean areWhole(ByteBuf bytes, int levels) {
    while (bytes.isReadable()) {
      if (bytes.readableBytes() < HEAD_BYTES) {
        return false;
      }
      int type = bytes.readUnsignedByte();
      int length = bytes.readUnsignedShort();
      if (bytes.readableBytes() < length) {
        return false;
      }
      ByteBuf value = bytes.readSlice(length);
      if (type == TLS && !isTls(value, levels)) {
        return false;
      }
    }
    return true;
  }

  /** Checks a TLS value: five bytes of flags, followed by nested values. */
  private static boolean isTls(ByteBuf value, int levels) {
    return levels > 0
        && value.readableBytes() >= TLS_BYTES
        && areWhole(value.skipBytes(TLS_BYTES), levels - 1);
  }
}
