import org.jspecify.annotations.NullMarked;

/** Pools, affinities, and the router that routes a session to its backend. */
@NullMarked
@SuppressWarnings("module") // the modules that may use the internal package are compiled later
module dev.limpet.core {
  requires com.github.benmanes.caffeine;
  requires static transitive org.jspecify;

  exports dev.limpet.core;
  exports dev.limpet.core.affinity;
  exports dev.limpet.core.table;
  exports dev.limpet.core.internal to
      dev.limpet.l4,
      dev.limpet.l7,
      dev.limpet.shared,
      dev.limpet.redis,
      dev.limpet.vertx;
}
