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
 * What a script is asked about one session.
 *
 * @param script the script
 * @param key the session's key
 * @param redisKey its key in Redis
 * @param channel where the script announces changes
 * @param rest the script's further arguments
 * @param candidate what it stores, or null
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
   * {@return a command that asks it}
   *
   * @param number the call's, which the reply repeats
   * @param poison a value that is to count as absent; empty for none
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
