package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.ConfigChange;
import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigReading;
import dev.limpet.examples.gateway.config.GatewayConfig;
import dev.limpet.examples.gateway.config.PoolChange;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the configuration file again and applies the changes that can be applied. For one thread at
 * a time.
 */
final class ConfigFollower {
  private final Path file;
  private final Consumer<PoolChange> apply;
  private final Console console;
  private GatewayConfig running;
  private List<ConfigFault> complained = List.of();
  private List<String> awaitingRestart = List.of();

  /**
   * Follows a file.
   *
   * @param started the configuration with which the gateway was started
   * @param apply applies the change of a pool
   */
  ConfigFollower(Path file, GatewayConfig started, Consumer<PoolChange> apply, Console console) {
    this.file = file;
    this.apply = apply;
    this.console = console;
    this.running = started;
  }

  /** Looks at the file once. Does not repeat a message. */
  void look() {
    ConfigReading reading = ConfigReader.read(file);
    GatewayConfig config = reading.config();
    if (config != null) {
      follow(config);
    } else if (!reading.faults().equals(complained)) {
      reading.faults().forEach(fault -> console.complain(fault.toString()));
      console.complain("the file is ignored until its faults are corrected");
    }
    complained = reading.faults();
  }

  private void follow(GatewayConfig wanted) {
    ConfigChange change = ConfigChange.between(running, wanted);
    for (PoolChange pool : change.pools()) {
      apply.accept(pool);
      pool.differences().forEach(console::say);
    }
    running = change.running();
    if (!change.restarts().equals(awaitingRestart)) {
      awaitingRestart = change.restarts();
      awaitingRestart.forEach(console::say);
    }
  }
}
