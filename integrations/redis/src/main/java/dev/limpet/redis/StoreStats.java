package dev.limpet.redis;

import java.util.Map;

/**
 * What a shared table has asked Redis, since it was built. A value of one moment; while calls are
 * made, its numbers may be some calls apart. Every call counts once, as answered or by its fault:
 * {@link #calls} is the sum.
 */
public final class StoreStats {
  private final long answered;
  private final Map<StoreFault, Long> faults;
  private final long lateReplies;
  private final long garbage;
  private final long reloads;
  private final long messages;
  private final long badMessages;
  private final long untold;

  StoreStats(
      long answered,
      Map<StoreFault, Long> faults,
      long lateReplies,
      long garbage,
      long reloads,
      long messages,
      long badMessages,
      long untold) {
    this.answered = answered;
    this.faults = faults;
    this.lateReplies = lateReplies;
    this.garbage = garbage;
    this.reloads = reloads;
    this.messages = messages;
    this.badMessages = badMessages;
    this.untold = untold;
  }

  /** {@return how many calls have ended} */
  public long calls() {
    return answered + unavailable();
  }

  /** {@return how many calls were answered within their deadline} */
  public long answered() {
    return answered;
  }

  /** {@return how many calls had no answer} */
  public long unavailable() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * {@return how many calls had no answer for a reason}
   *
   * @param fault the reason
   */
  public long count(StoreFault fault) {
    return faults.getOrDefault(fault, 0L);
  }

  /** {@return how many calls Redis answered, or the connection ended, after their deadline} */
  public long lateReplies() {
    return lateReplies;
  }

  /**
   * {@return how many calls found something that no proxy of this pool had stored; it counts as
   * absent}
   */
  public long garbage() {
    return garbage;
  }

  /** {@return how many calls had to tell Redis a script again} */
  public long reloads() {
    return reloads;
  }

  /**
   * {@return how many changes of bindings were heard of, those of this process included: once for each
   * table that shares the store}
   */
  public long messages() {
    return messages;
  }

  /** {@return how many messages were not as a proxy writes them; they are ignored} */
  public long badMessages() {
    return badMessages;
  }

  /**
   * {@return how many changes the store could not be told of when they were made, nor are
   * remembered to be told later, as too many others are} It hears of such a session by its next use
   * here.
   */
  public long untold() {
    return untold;
  }

  /** {@return the calls, and all other numbers that are not zero} */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("calls " + calls());
    append(text, "answered", answered);
    faults.forEach((fault, count) -> append(text, fault.name(), count));
    append(text, "late replies", lateReplies);
    append(text, "garbage", garbage);
    append(text, "reloads", reloads);
    append(text, "messages", messages);
    append(text, "bad messages", badMessages);
    append(text, "untold", untold);
    return text.toString();
  }

  private static void append(StringBuilder text, String name, long count) {
    if (count != 0) {
      text.append(", ").append(name).append(' ').append(count);
    }
  }
}
