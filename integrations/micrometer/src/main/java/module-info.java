import org.jspecify.annotations.NullMarked;

/** Meters of routers, pools, tables and stores. */
@NullMarked
module dev.limpet.micrometer {
  requires transitive dev.limpet.l7;
  requires transitive micrometer.core;
  requires static transitive dev.limpet.redis;

  exports dev.limpet.micrometer;
}
