package dev.limpet.redis;

import dev.limpet.core.KeyHasher;
import dev.limpet.shared.SharedBinding;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Converts bindings of a pool to and from the text in the store, {@code 1:version:end:mac:name}.
 * Immutable.
 *
 * <table>
 * <caption>Parts of the text</caption>
 * <tr><td>version</td><td>1..2147483647, without leading zeros</td></tr>
 * <tr><td>end</td><td>0..9999999999, without leading zeros</td></tr>
 * <tr><td>mac</td><td>16 lower-case hexadecimal digits</td></tr>
 * <tr><td>name</td><td>1..257 printable ASCII characters</td></tr>
 * </table>
 */
final class BindingText {

  /**
   * The longest text in bytes. A name is an id, {@code @} and a generation, each of at most 128
   * characters.
   */
  static final int MAX_LENGTH = 2 + 10 + 1 + 10 + 1 + Ascii.HEX_LENGTH + 1 + BindingText.MAX_NAME;

  static final int MAX_NAME = 257;
  static final long MAX_END = 9_999_999_999L;

  /*
   * The MAC covers the pool, the key and the whole text. So an attacker who can write to Redis, but
   * does not know the secret, cannot choose a session's backend, nor give a session the binding of
   * another session or pool. The hasher of the MACs is a derived one, because the keys in Redis are
   * hashes of what clients send, and must not be valid MACs.
   */
  private final KeyHasher macs;
  private final byte[] pool;

  BindingText(KeyHasher keys, String pool) {
    this.macs = keys.derived("limpet shared binding");
    this.pool = pool.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns whether a binding can be written as a text. */
  static boolean holds(SharedBinding binding) {
    return binding.version() >= 1
        && binding.end() >= 0
        && binding.end() <= MAX_END
        && isName(binding.name());
  }

  /** {@return the text of a binding that {@link #holds} accepts} */
  byte[] write(long key, SharedBinding binding) {
    byte[] head = Ascii.bytes("1:" + binding.version() + ':' + binding.end() + ':');
    byte[] name = Ascii.bytes(binding.name());
    byte[] text = new byte[head.length + Ascii.HEX_LENGTH + 1 + name.length];
    System.arraycopy(head, 0, text, 0, head.length);
    Ascii.putHex(mac(key, binding.version(), binding.end(), name), text, head.length);
    text[head.length + Ascii.HEX_LENGTH] = ':';
    System.arraycopy(name, 0, text, text.length - name.length, name.length);
    return text;
  }

  /** {@return the binding of a text; null if the text is not a binding of this key in this pool} */
  @Nullable
  SharedBinding read(long key, byte[] text) {
    if (text.length > MAX_LENGTH || text.length < 2 || text[0] != '1' || text[1] != ':') {
      return null;
    }
    int afterVersion = indexOfColon(text, 2);
    int afterEnd = indexOfColon(text, afterVersion + 1);
    int afterMac = afterEnd + 1 + Ascii.HEX_LENGTH;
    if (!Ascii.isHex(text, afterEnd + 1) || afterMac >= text.length || text[afterMac] != ':') {
      return null;
    }
    long version = Ascii.number(text, 2, afterVersion);
    long end = Ascii.number(text, afterVersion + 1, afterEnd);
    byte[] name = Arrays.copyOfRange(text, afterMac + 1, text.length);
    SharedBinding binding = binding(version, end, name);
    boolean authentic =
        binding != null && mac(key, binding.version(), end, name) == Ascii.hex(text, afterEnd + 1);
    return authentic ? binding : null;
  }

  private static @Nullable SharedBinding binding(long version, long end, byte[] name) {
    if (version < 1 || version > Integer.MAX_VALUE || end < 0) {
      return null;
    }
    String text = new String(name, StandardCharsets.ISO_8859_1);
    return isName(text) ? SharedBinding.of(text, (int) version, end) : null;
  }

  private static boolean isName(String name) {
    return !name.isEmpty()
        && name.length() <= MAX_NAME
        && name.chars().allMatch(c -> c >= ' ' && c <= '~');
  }

  private static int indexOfColon(byte[] text, int from) {
    int i = from;
    while (i < text.length && text[i] != ':') {
      i++;
    }
    return i;
  }

  private long mac(long key, int version, long end, byte[] name) {
    ByteBuffer input =
        ByteBuffer.allocate(2 * Long.BYTES + 2 * Integer.BYTES + pool.length + name.length);
    input
        .putLong(key)
        .putInt(version)
        .putLong(end)
        .putInt(pool.length)
        .put(pool)
        .put(name);
    return macs.bytes(input.array());
  }
}
