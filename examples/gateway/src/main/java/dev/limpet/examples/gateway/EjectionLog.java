package dev.limpet.examples.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Ejection;
import dev.limpet.core.EjectionListener;
import java.util.Locale;
import java.util.function.Consumer;

/** Prints a line when a backend of a pool is ejected, and when it is back. */
record EjectionLog(String pool, Consumer<String> log) implements EjectionListener {

  @Override
  public void ejected(Backend backend, Ejection ejection) {
    String cause = ejection.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    log.accept(line(backend) + " is ejected for " + ejection.time().toMillis() + " ms: " + cause);
  }

  @Override
  public void readmitted(Backend backend) {
    log.accept(line(backend) + " is no longer ejected");
  }

  private String line(Backend backend) {
    return "backend " + pool + "/" + backend.id();
  }
}
