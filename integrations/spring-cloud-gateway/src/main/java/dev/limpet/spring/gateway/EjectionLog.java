package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Ejection;
import dev.limpet.core.EjectionListener;
import java.util.Locale;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs a line when a backend is ejected, and when it is back.
 *
 * @param pool the pool's name
 */
record EjectionLog(String pool) implements EjectionListener {
  private static final Log LOG = LogFactory.getLog(EjectionLog.class);

  @Override
  public void ejected(Backend backend, Ejection ejection) {
    String cause = ejection.cause().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    LOG.warn(line(backend) + " is ejected for " + ejection.time().toMillis() + " ms: " + cause);
  }

  @Override
  public void readmitted(Backend backend) {
    LOG.info(line(backend) + " is no longer ejected");
  }

  private String line(Backend backend) {
    return "backend " + pool + "/" + backend.id();
  }
}
