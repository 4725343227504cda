package dev.limpet.redis;

import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisLoadingException;
import io.lettuce.core.RedisReadOnlyException;
import java.util.Map;

/**
 * The reason why a call of a shared table had no answer. Callers need a default branch, because
 * more may be added.
 */
public enum StoreFault {
  /** There was no connection. Known at once. */
  NOT_CONNECTED,
  /** The maximum number of calls is already waiting for Redis. Known at once. */
  TOO_MANY,
  /** Earlier calls had no answer, so none is made for a while. Known at once. */
  BREAKER_OPEN,
  /** Redis did not answer in time. */
  DEADLINE,
  /** The connection broke, or refused the command. */
  CONNECTION,
  /** Redis is a replica. The connection is closed and made again. */
  READ_ONLY,
  /** Redis is loading its data. */
  LOADING,
  /** Redis has reached its {@code maxmemory}, and may not evict keys. */
  OUT_OF_MEMORY,
  /** Redis requires a password, or the user lacks a permission. */
  NO_PERMISSION,
  /** Redis is busy with another script that takes too long. */
  BUSY,
  /** The cluster, or the part of it that has the key, is down or being changed. */
  CLUSTER,
  /** Redis answered with another error. */
  OTHER_ERROR,
  /**
   * The stored value was not written by a proxy of this pool, and neither was the value that was
   * found after it.
   */
  GARBAGE,
  /** The answer was to another call, or to none. The connection is closed and made again. */
  FOREIGN_REPLY,
  /** The binding cannot be written as a text. */
  UNWRITABLE;

  private static final Map<String, StoreFault> BY_CODE = Map.ofEntries(
      Map.entry("READONLY", READ_ONLY),
      Map.entry("LOADING", LOADING),
      Map.entry("OOM", OUT_OF_MEMORY),
      Map.entry("NOAUTH", NO_PERMISSION),
      Map.entry("NOPERM", NO_PERMISSION),
      Map.entry("WRONGPASS", NO_PERMISSION),
      Map.entry("BUSY", BUSY),
      Map.entry("MOVED", CLUSTER),
      Map.entry("ASK", CLUSTER),
      Map.entry("TRYAGAIN", CLUSTER),
      Map.entry("CLUSTERDOWN", CLUSTER),
      Map.entry("CROSSSLOT", CLUSTER),
      Map.entry("MASTERDOWN", CLUSTER));

  static StoreFault of(Throwable thrown) {
    if (thrown instanceof RedisReadOnlyException) {
      return READ_ONLY;
    }
    if (thrown instanceof RedisLoadingException) {
      return LOADING;
    }
    if (thrown instanceof RedisBusyException) {
      return BUSY;
    }
    return (thrown instanceof RedisCommandExecutionException)
        ? ofMessage(String.valueOf(thrown.getMessage()))
        : CONNECTION;
  }

  /** Redis 6 wraps the error of a script's command in another error, after a hyphen. */
  private static StoreFault ofMessage(String message) {
    int inner = message.indexOf(": -");
    StoreFault outer = BY_CODE.get(code(message, 0));
    return (outer != null)
        ? outer
        : (inner < 0) ? OTHER_ERROR : BY_CODE.getOrDefault(code(message, inner + 3), OTHER_ERROR);
  }

  private static String code(String message, int from) {
    int space = message.indexOf(' ', from);
    return message.substring(from, space < 0 ? message.length() : space);
  }
}
