import org.jspecify.annotations.NullMarked;

/** Affinity by source address. */
@NullMarked
@SuppressWarnings("module") // the name ends in a digit, as the name of the layer does
module dev.limpet.l4 {
  requires transitive dev.limpet.core;

  exports dev.limpet.l4;
}
