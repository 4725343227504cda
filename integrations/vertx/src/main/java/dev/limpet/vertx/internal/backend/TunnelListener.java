package dev.limpet.vertx.internal.backend;

import io.netty.buffer.ByteBuf;

/**
 * Receives the data of a backend after it has switched protocols, on the event loop of its
 * connection.
 */
public interface TunnelListener {

  /**
   * Handles bytes that have arrived.
   *
   * @param bytes the listener releases them
   */
  void received(ByteBuf bytes);

  /** Handles that the connection can take more bytes. */
  void drained();

  /** Handles that the connection is closed. */
  void closed();
}
