package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.ConfigFault;
import dev.limpet.examples.gateway.config.ConfigReader;
import dev.limpet.examples.gateway.config.SourceReading;
import java.nio.file.Path;
import java.util.List;

/** Reads the configuration file again and reports its faults. For one thread at a time. */
final class ConfigFollower {
  private final Path file;
  private final LiveConfig live;
  private final Console console;
  private List<ConfigFault> complained = List.of();

  /**
   * Follows a file.
   *
   * @param live applies the changes that can be applied
   */
  ConfigFollower(Path file, LiveConfig live, Console console) {
    this.file = file;
    this.live = live;
    this.console = console;
  }

  /** Looks at the file once. Does not repeat a message. */
  void look() {
    SourceReading reading = live.follow(() -> ConfigReader.source(file));
    if (reading.source() == null && !reading.faults().equals(complained)) {
      reading.faults().forEach(fault -> console.complain(fault.toString()));
      console.complain("the file is ignored until its faults are corrected");
    }
    complained = reading.faults();
  }
}
