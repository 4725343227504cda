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
 * Reads the configuration file again and puts into effect what can be. For one thread at a time.
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
   * @param started what the gateway was started with
   * @param apply puts a pool's change into effect
   */
  ConfigFollower(Path file, GatewayConfig started, Consumer<PoolChange> apply, Console console) {
    this.file = file;
    this.apply = apply;
    this.console = console;
    this.running = started;
  }

  /** Looks at the file once. Says nothing of what it said before. */
  void look() {
    ConfigReading reading = ConfigReader.read(file);
    GatewayConfig config = reading.config();
    if (config != null) {
      follow(config);
    } else if (!reading.faults().equals(complained)) {
      reading.faults().forEach(fault -> console.complain(fault.toString()));
      console.complain("the file is ignored until it is free of faults");
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
