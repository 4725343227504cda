package dev.limpet.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A new session was bound. */
@Name("dev.limpet.Bind")
@Label("Session Bound")
@Description("A request has bound its new session to a backend")
@Category({"Limpet", "Sessions"})
@Enabled(false)
@StackTrace(false)
final class BindEvent extends Event {
  @Label("Pool")
  @Nullable
  String pool;

  @Label("Backend")
  @Description("The name of the backend: its id, and its generation if it has one")
  @Nullable
  String backend;

  @Label("Reason")
  @Description("Why the session was not known")
  @Nullable
  String reason;

  @Label("Rerouted")
  @Description("Whether another backend was tried first")
  boolean rerouted;
}
