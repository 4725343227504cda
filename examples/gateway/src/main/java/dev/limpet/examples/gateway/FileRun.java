package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.ConfigSource;
import dev.limpet.examples.gateway.config.SourceReading;
import java.io.IOException;

/** Runs the gateway that a file describes. */
final class FileRun {
  private static final int FAILED = 1;
  private static final int FAULTY = 2;

  private final ConfigFile file;
  private final Console console;

  FileRun(ConfigFile file, Console console) {
    this.file = file;
    this.console = console;
  }

  /**
   * Returns the exit status; returns only if {@code check} is set, or if nothing could be started.
   */
  int run(boolean check) throws InterruptedException {
    SourceReading reading = ConfigReader.source(file.path());
    ConfigSource source = reading.source();
    if (source == null) {
      reading.faults().forEach(fault -> console.complain(fault.toString()));
      return FAULTY;
    }
    try (Gateway gateway = Gateway.start(check ? source.withoutTables() : source, file, console)) {
      if (!check) {
        gateway.follow(file.path());
        Shutdown.await(gateway);
      }
      return 0;
    } catch (IOException e) {
      console.complain(String.valueOf(e.getMessage()));
      return FAILED;
    }
  }
}
