package dev.limpet.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** A session was bound to another backend. */
@Name("dev.limpet.Move")
@Label("Session Moved")
@Description("A session was bound to another backend than before")
@Category({"Limpet", "Sessions"})
@Enabled(false)
@StackTrace(false)
final class MoveEvent extends Event {
  @Label("Pool")
  @Nullable
  String pool;

  @Label("From")
  @Description("The name of the backend that the session left; absent if it is not known")
  @Nullable
  String from;

  @Label("Backend")
  @Description("The name of the backend that the session is bound to now")
  @Nullable
  String backend;

  @Label("Reason")
  @Description("Why the session could not stay")
  @Nullable
  String reason;

  @Label("Rerouted")
  @Description("Whether another backend was tried first")
  boolean rerouted;
}
