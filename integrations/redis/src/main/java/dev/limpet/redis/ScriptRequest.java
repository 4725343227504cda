package dev.limpet.redis;

import dev.limpet.shared.SharedBinding;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a script about one session.
 *
 * @param script the script
 * @param key the session's key
 * @param redisKey the session's key in Redis
 * @param channel the channel on which the script announces changes
 * @param rest the script's further arguments
 * @param candidate the binding that the script stores, or null
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record ScriptRequest(
    Script script,
    long key,
    byte[] redisKey,
    byte[] channel,
    List<byte[]> rest,
    @Nullable SharedBinding candidate) {

  /**
   * {@return the command of this call}
   *
   * @param number the number of the call, which the reply repeats
   * @param poison a value that the script must treat as absent; empty if no value is
   * @param whole whether to send the script itself, for a server that does not know it
   */
  AsyncCommand<byte[], byte[], Reply> command(long number, byte[] poison, boolean whole) {
    CommandArgs<byte[], byte[]> args = new CommandArgs<>(ByteArrayCodec.INSTANCE);
    args.add(whole ? script.text() : script.digest()).add(1).addKey(redisKey);
    args.addValue(ByteBuffer.allocate(Reply.NUMBER_LENGTH).putLong(number).array());
    args.addValue(poison).addValue(channel).addValues(rest);
    CommandType type = whole ? CommandType.EVAL : CommandType.EVALSHA;
    return new AsyncCommand<>(new Command<>(type, new Reply(), args));
  }
}
