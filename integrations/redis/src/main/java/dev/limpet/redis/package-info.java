/** A store of shared sticky tables on Redis or Valkey: {@link dev.limpet.redis.RedisStore}. */
@NullMarked
package dev.limpet.redis;

import org.jspecify.annotations.NullMarked;
