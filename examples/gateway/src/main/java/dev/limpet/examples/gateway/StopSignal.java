package dev.limpet.examples.gateway;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/** A signal that asks the process to stop: the first in its own time, the second at once. */
enum StopSignal {
  TERM(15),
  INT(2);

  /*
   * The JVM runs its shutdown hooks at the first signal, and takes no notice of others while they
   * run. Nothing but sun.misc.Signal tells of them, of which javac warns in a way that nothing
   * suppresses; so it is called by reflection. Where it cannot be, as with -Xrs, the JVM's way is
   * left.
   */

  private static final int KILLED = 128; // the exit status is this and the signal's number

  private static final AtomicBoolean ASKED = new AtomicBoolean();

  private final int status;

  StopSignal(int number) {
    this.status = KILLED + number;
  }

  /** From now on the first signal runs the shutdown hooks, and the second ends the process. */
  static void handleAll() {
    for (StopSignal signal : values()) {
      try {
        signal.handle();
      } catch (ReflectiveOperationException e) {
        // the first signal runs the hooks, as it does without us
      }
    }
  }

  private void handle() throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    Object ours = Proxy.newProxyInstance(
        StopSignal.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, args) -> {
          if (method.getName().equals("handle")) {
            stop();
          }
          return null;
        });
    signal
        .getMethod("handle", signal, handler)
        .invoke(null, signal.getConstructor(String.class).newInstance(name()), ours);
  }

  private void stop() {
    if (ASKED.getAndSet(true)) {
      Runtime.getRuntime().halt(status);
    } else {
      System.exit(status);
    }
  }
}
