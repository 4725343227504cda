package dev.limpet.redis;

import java.time.Duration;
import java.util.Map;

/**
 * The numbers of calls that a shared table has made to Redis since it was built. A snapshot: while
 * calls are made, its numbers may differ by a few calls. Every call counts once, as answered or by
 * its fault; {@link #calls} is the sum.
 */
public final class StoreStats {
  private final long answered;
  private final Duration answerTime;
  private final Map<StoreFault, Long> faults;
  private final long lateReplies;
  private final long garbage;
  private final long reloads;
  private final long messages;
  private final long badMessages;
  private final long untold;

  StoreStats(
      long answered,
      Duration answerTime,
      Map<StoreFault, Long> faults,
      long lateReplies,
      long garbage,
      long reloads,
      long messages,
      long badMessages,
      long untold) {
    this.answered = answered;
    this.answerTime = answerTime;
    this.faults = faults;
    this.lateReplies = lateReplies;
    this.garbage = garbage;
    this.reloads = reloads;
    this.messages = messages;
    this.badMessages = badMessages;
    this.untold = untold;
  }

  /** {@return the number of calls that have ended} */
  public long calls() {
    return answered + unavailable();
  }

  /** {@return the number of calls that were answered within their deadline} */
  public long answered() {
    return answered;
  }

  /**
   * {@return the time that the answered calls took, all together} Divided by {@link #answered}, it
   * is the mean.
   */
  public Duration answerTime() {
    return answerTime;
  }

  /** {@return the number of calls without an answer} */
  public long unavailable() {
    return faults.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * {@return the number of calls without an answer for a reason}
   *
   * @param fault the reason
   */
  public long count(StoreFault fault) {
    return faults.getOrDefault(fault, 0L);
  }

  /**
   * {@return the number of calls that Redis answered, or that the connection ended, after their
   * deadline}
   */
  public long lateReplies() {
    return lateReplies;
  }

  /**
   * {@return the number of calls that found a value which no proxy of this pool had stored; such a
   * value counts as absent}
   */
  public long garbage() {
    return garbage;
  }

  /** {@return the number of calls that had to send a script again} */
  public long reloads() {
    return reloads;
  }

  /**
   * {@return the number of changes of bindings that were announced, including those of this
   * process; once for each table that shares the store}
   */
  public long messages() {
    return messages;
  }

  /** {@return the number of malformed messages, which were ignored} */
  public long badMessages() {
    return badMessages;
  }

  /**
   * {@return the number of changes that could not be reported to the store and are not remembered
   * for later, because too many others are} The store learns of such a session when this process
   * next uses it.
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
