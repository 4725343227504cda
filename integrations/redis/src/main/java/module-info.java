import org.jspecify.annotations.NullMarked;

/** Sticky tables that a fleet of proxies shares, on Redis or Valkey. */
@NullMarked
module dev.limpet.redis {
  requires transitive dev.limpet.l7;
  requires transitive lettuce.core;
  requires com.github.benmanes.caffeine;
  requires reactor.core;

  exports dev.limpet.redis;
}
