import org.jspecify.annotations.NullMarked;

/** Events of sessions and drains for the JDK Flight Recorder. */
@NullMarked
module dev.limpet.jfr {
  requires transitive dev.limpet.core;
  requires jdk.jfr;

  exports dev.limpet.jfr;
}
