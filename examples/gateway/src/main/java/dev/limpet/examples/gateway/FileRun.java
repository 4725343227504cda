package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigReading;
import dev.limpet.examples.gateway.config.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;

/** Runs the gateway that a file describes. */
final class FileRun {
  private static final int FAILED = 1;
  private static final int FAULTY = 2;

  private final Path file;
  private final Console console;

  FileRun(Path file, Console console) {
    this.file = file;
    this.console = console;
  }

  /**
   * Returns the exit status; returns only if {@code check} is set, or if nothing could be started.
   */
  int run(boolean check) throws InterruptedException {
    ConfigReading reading = ConfigReader.read(file);
    GatewayConfig config = reading.config();
    if (config == null) {
      reading.faults().forEach(fault -> console.complain(fault.toString()));
      return FAULTY;
    }
    try (Gateway gateway = Gateway.start(check ? config.withoutTables() : config, console)) {
      if (!check) {
        gateway.follow(new ConfigFollower(file, config, gateway::apply, console));
        Shutdown.await(gateway);
      }
      return 0;
    } catch (IOException e) {
      console.complain(String.valueOf(e.getMessage()));
      return FAILED;
    }
  }
}
