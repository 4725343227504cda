package dev.limpet.redis;

import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.internal.HttpToken;

/** The names of a pool's keys and of its channel in Redis. Immutable. */
final class PoolNames {
  private static final int MAX_LENGTH = 128;

  /*
   * Redis keys are "limpet:pool:key". They have no hash tag in braces, because that would put all
   * keys of a pool on one server of a cluster.
   */
  private final byte[] prefix;
  private final byte[] channel;

  PoolNames(String pool) {
    if (pool.isEmpty()
        || pool.length() > MAX_LENGTH
        || !pool.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '{' && c != '}')) {
      throw new FaultException(Fault.of(
          "pool",
          HttpToken.quoted(pool),
          "1.." + MAX_LENGTH + " printable ASCII characters, no braces"));
    }
    this.channel = Ascii.bytes("limpet:" + pool);
    this.prefix = Ascii.bytes("limpet:" + pool + ':');
  }

  byte[] redisKey(long key) {
    byte[] name = new byte[prefix.length + Ascii.HEX_LENGTH];
    System.arraycopy(prefix, 0, name, 0, prefix.length);
    Ascii.putHex(key, name, prefix.length);
    return name;
  }

  byte[] channel() {
    return channel;
  }
}
