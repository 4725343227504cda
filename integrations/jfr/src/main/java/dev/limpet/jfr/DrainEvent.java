package dev.limpet.jfr;

import dev.limpet.core.Drained;
import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** A drain has ended. It lasts from the beginning of the drain to its end. */
@Name("dev.limpet.Drain")
@Label("Backend Drained")
@Description("The drain of a backend has ended")
@Category({"Limpet", "Drains"})
@Enabled(false)
@StackTrace(false)
final class DrainEvent extends Event {
  private static final String FAILED = "FAILED";
  private static final long UNKNOWN = -1;

  @Label("Pool")
  @Nullable
  String pool;

  @Label("Backend")
  @Description("The id of the backend")
  @Nullable
  String backend;

  @Label("Result")
  @Description("DRAINED, DEADLINE_PASSED, REMOVED, UNDRAINED, or FAILED if it was not watched")
  @Nullable
  String result;

  @Label("Bindings")
  @Description("The sessions that the backend still had; -1 if they are not counted")
  long bindings = UNKNOWN;

  @Label("Connections")
  @Description("The connections that the backend still had")
  int connections;

  @Label("Longest")
  @Description("The time until the last of these sessions has expired if none is used again")
  @Timespan(Timespan.MILLISECONDS)
  long longest;

  /** Emits the event, if it is enabled. Without a result, the drain has failed. */
  void end(@Nullable Drained drained) {
    result = FAILED;
    if (drained != null) {
      result = drained.result().name();
      bindings = drained.remaining().bindings().orElse(UNKNOWN);
      connections = drained.connections();
      longest = millis(drained.remaining().longest());
    }
    commit();
  }

  private static long millis(Duration duration) {
    try {
      return duration.toMillis();
    } catch (ArithmeticException unknown) {
      return Long.MAX_VALUE;
    }
  }
}
