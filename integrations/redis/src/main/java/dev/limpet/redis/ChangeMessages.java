package dev.limpet.redis;

import dev.limpet.shared.BindingStore;

/**
 * Reads the messages of the proxies of a pool: 16 hexadecimal digits of a key, a space, a version.
 */
final class ChangeMessages implements Subscriptions.Subscriber {
  private final BindingStore.Listener listener;
  private final StoreCounts counts;

  ChangeMessages(BindingStore.Listener listener, StoreCounts counts) {
    this.listener = listener;
    this.counts = counts;
  }

  @Override
  public void message(byte[] message) {
    int version = version(message);
    long key = (version > 0) ? Ascii.hex(message, 0) : 0;
    if (key == 0) {
      counts.badMessages.increment();
    } else {
      counts.messages.increment();
      listener.changed(key, version);
    }
  }

  @Override
  public void resumed() {
    listener.reconnected();
  }

  /** {@return the version, or 0 if the message is malformed} */
  private static int version(byte[] message) {
    if (!Ascii.isHex(message, 0)
        || message.length == Ascii.HEX_LENGTH
        || message[Ascii.HEX_LENGTH] != ' ') {
      return 0;
    }
    long version = Ascii.number(message, Ascii.HEX_LENGTH + 1, message.length);
    return (version >= 1 && version <= Integer.MAX_VALUE) ? (int) version : 0;
  }
}
