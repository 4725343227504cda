import org.jspecify.annotations.NullMarked;

/** Pools, affinities and the router that keeps a session on its backend. */
@NullMarked
module dev.limpet.core {
  requires com.github.benmanes.caffeine;
  requires static transitive org.jspecify;

  exports dev.limpet.core;
}
