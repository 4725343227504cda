package dev.limpet.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A request got no backend. */
@Name("dev.limpet.Reject")
@Label("Request Rejected")
@Description("A request got no backend")
@Category({"Limpet", "Sessions"})
@Enabled(false)
@StackTrace(false)
final class RejectEvent extends Event {
  @Label("Pool")
  @Nullable
  String pool;

  @Label("Outcome")
  @Description("REFUSED if only the session's own backend may serve it, or NO_BACKEND")
  @Nullable
  String outcome;

  @Label("Reason")
  @Nullable
  String reason;

  @Label("Rerouted")
  @Description("Whether a backend was tried first")
  boolean rerouted;
}
