import org.jspecify.annotations.NullMarked;

/** A store of shared sticky tables on Redis or Valkey. */
@NullMarked
module dev.limpet.redis {
  requires transitive dev.limpet.shared;
  requires transitive lettuce.core;
  requires reactor.core;

  exports dev.limpet.redis;
}
