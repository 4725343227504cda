package dev.limpet.examples.embedding;

import dev.limpet.core.Environment;
import dev.limpet.shared.BindingStore;
import dev.limpet.shared.BindingStoreContract;
import dev.limpet.shared.Retention;

/** The example of {@code docs/stores.md}, for a store that is left out. */
final class StoreExamples {
  private final Connection connection = () -> {};

  /** A connection to a store. */
  interface Connection {
    void breakAndReconnect();
  }

  /** A store. */
  record MyStore(Connection connection, String pool) implements BindingStore {
    @Override
    public Bindings open(Retention retention, Environment environment, Listener listener) {
      throw new UnsupportedOperationException();
    }
  }

  class MyStoreTest extends BindingStoreContract {
    @Override
    protected BindingStore newStore(String pool) {
      return new MyStore(connection, pool);
    }

    @Override
    protected boolean interrupt() {
      connection.breakAndReconnect();
      return true; // false if your store's connection cannot break
    }
  }
}
