import org.jspecify.annotations.NullMarked;

/** Sticky tables that a fleet of proxies shares. */
@NullMarked
module dev.limpet.shared {
  requires transitive dev.limpet.core;
  requires com.github.benmanes.caffeine;

  exports dev.limpet.shared;
}
