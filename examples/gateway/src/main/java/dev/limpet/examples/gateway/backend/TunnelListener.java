package dev.limpet.examples.gateway.backend;

import io.netty.buffer.ByteBuf;

/**
 * Hears what a backend sends after it has switched protocols, on the event loop of its connection.
 */
public interface TunnelListener {

  /**
   * Bytes have come.
   *
   * @param bytes to be released by the listener
   */
  void received(ByteBuf bytes);

  /** The connection takes more bytes. */
  void drained();

  /** The connection is closed. */
  void closed();
}
