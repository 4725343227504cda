package dev.limpet.spring.gateway;

import dev.limpet.core.TableFactory;

/** Makes the tables that gateways share. */
interface SharedTables extends AutoCloseable {

  /**
   * Returns a maker of a pool's table.
   *
   * @throws IllegalArgumentException if the address cannot be connected to, or the library refuses
   *     a property; the message does not show the address
   */
  TableFactory tables(String pool, SharedTableProperties shared);

  @Override
  void close();
}
