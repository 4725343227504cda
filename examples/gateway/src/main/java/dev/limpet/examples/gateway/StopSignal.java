package dev.limpet.examples.gateway;

import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A signal that stops the process. The first one stops it in an orderly way, the second one at
 * once.
 */
enum StopSignal {
  TERM(15),
  INT(2);

  /*
   * The JVM runs its shutdown hooks at the first signal, and ignores further signals while they
   * run. Only sun.misc.Signal can handle those, but javac warns of it, and nothing suppresses that
   * warning. So it is called by reflection. Where that fails, as with -Xrs, the JVM's behavior is
   * kept.
   */

  private static final int KILLED = 128; // the exit status is this plus the number of the signal

  private static final AtomicBoolean ASKED = new AtomicBoolean();

  private final int status;

  StopSignal(int number) {
    this.status = KILLED + number;
  }

  /** From now on, the first signal runs the shutdown hooks, and the second one ends the process. */
  static void handleAll() {
    for (StopSignal signal : values()) {
      try {
        signal.handle();
      } catch (ReflectiveOperationException e) {
        // the first signal runs the hooks, as it does without this class
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
