import org.jspecify.annotations.NullMarked;

/** Affinity by load balancer cookies and by application cookies. */
@NullMarked
@SuppressWarnings("module") // the name ends in a digit, as the layer does
module dev.limpet.l7 {
  requires transitive dev.limpet.core;

  exports dev.limpet.l7;
}
