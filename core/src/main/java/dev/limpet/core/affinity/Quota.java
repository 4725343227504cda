package dev.limpet.core.affinity;

import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Reason;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.internal.ElapsedTime;
import dev.limpet.core.table.SaveableTable;
import java.math.BigDecimal;

/**
 * How many sessions may take places in a table, so that a flood from one side leaves room for the
 * others: a cap on the live bindings of one group of sessions, such as those of one network, a cap
 * on the new bindings of all groups, or both. A session beyond either is not stored, but goes by
 * the weighted rendezvous hash of its key, for {@link Reason#OVER_QUOTA}, and stays where that
 * leads it when there is room again. Immutable.
 *
 * <pre>{@code
 * Quota quota = Quota.ofLiveShare(0.10).andNewPerSecond(1_000);
 * }</pre>
 *
 * <p>A group never has more live bindings than its cap; whether some of them have elapsed is looked
 * up once in a 64th of the duration. After a rejection the unknown sessions of the same group, or
 * all of them where there were too many new ones, are bound to their rendezvous choice instead of
 * taking turns, for one duration.
 *
 * <p>Sessions that were restored count for no group until they begin anew, so that a group may have
 * as many again after each restart as its cap allows. As nobody knows any more who was rejected
 * before it, all unknown sessions are bound to their rendezvous choice for one duration after it.
 *
 * <p>What it takes to know the groups of live bindings: about 170 bytes a group, and 11 to 16 a
 * binding.
 *
 * @see KeyAffinity.Builder#quota
 */
public final class Quota {

  /** The most new bindings a second that can be asked for: 1,000,000. */
  public static final int MAX_NEW_PER_SECOND = 1_000_000;

  private static final Quota NONE = new Quota(0, 0, 0);
  private static final double STANDARD_SHARE = 0.10;
  private static final int TICKS_PER_LIFE = 1024;

  private final double liveShare;
  private final int live;
  private final int newPerSecond;

  private Quota(double liveShare, int live, int newPerSecond) {
    this.liveShare = liveShare;
    this.live = live;
    this.newPerSecond = newPerSecond;
  }

  /** {@return a quota of a tenth of the table's capacity for each group} */
  public static Quota standard() {
    return ofLiveShare(STANDARD_SHARE);
  }

  /**
   * {@return a quota of live bindings for each group, as a share of the table's capacity: at least
   * one}
   *
   * @param share more than 0, at most 1
   * @throws IllegalArgumentException if it is out of range
   */
  public static Quota ofLiveShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("liveShare: " + share + " (expected: > 0, <= 1)");
    }
    return new Quota(share, 0, 0);
  }

  /**
   * {@return a quota of live bindings for each group}
   *
   * @param bindings how many, 1 or more
   * @throws IllegalArgumentException if it is not positive
   */
  public static Quota ofLive(int bindings) {
    return new Quota(0, positive("live", bindings, Integer.MAX_VALUE), 0);
  }

  /**
   * {@return a quota of new bindings, of all groups together}
   *
   * @param bindings as for {@link #andNewPerSecond}
   * @throws IllegalArgumentException if it is out of range
   */
  public static Quota ofNewPerSecond(int bindings) {
    return NONE.andNewPerSecond(bindings);
  }

  /**
   * {@return a copy that also limits new bindings, of all groups together}
   *
   * @param bindings how many a second, 1..{@value #MAX_NEW_PER_SECOND}: evenly, but after a second
   *     without any as many at once, so that the first second after a quiet one may have twice as
   *     many. Requests of one new session that come at once count once, but for chance
   * @throws IllegalArgumentException if it is out of range
   */
  public Quota andNewPerSecond(int bindings) {
    return new Quota(liveShare, live, positive("newPerSecond", bindings, MAX_NEW_PER_SECOND));
  }

  /** {@return the limits} */
  @Override
  public String toString() {
    String cap =
        (live > 0) ? live + " live" : (liveShare > 0) ? liveShare + " of the capacity" : "";
    String rate = (newPerSecond > 0) ? newPerSecond + " new per second" : "";
    return "Quota[" + cap + (cap.isEmpty() || rate.isEmpty() ? "" : ", ") + rate + "]";
  }

  /**
   * Makes what admits new sessions to a table by this quota.
   *
   * @throws IllegalArgumentException if this is a share of the capacity and the table's is not
   *     known
   */
  <R> Admission<R> admission(
      StickyTable table,
      StickySession session,
      KeyExtractor<? super R> group,
      Environment environment) {
    long life = session.life().plus(environment.clock().resolution()).toNanos();
    long tick = life / TICKS_PER_LIFE;
    ElapsedTime time = new ElapsedTime(environment.clock()::nanos, tick);
    NewSessionRate rate = new NewSessionRate(newPerSecond, life + tick);
    if (SaveableTable.of(table).filter(saved -> saved.size() > 0).isPresent()) {
      rate.remember(time.nanos());
    }
    if (live == 0 && liveShare == 0) {
      return new RateAdmission<>(table, rate, time);
    }
    GroupCaps groups = new GroupCaps(table, live(table), life + tick, rate);
    return new GroupAdmission<>(groups, group, environment.hasher(), time);
  }

  private int live(StickyTable table) {
    if (live > 0) {
      return live;
    }
    long cap = BigDecimal.valueOf(liveShare)
        .multiply(BigDecimal.valueOf(capacity(table)))
        .longValue();
    return (int) Math.min(Math.max(cap, 1), Integer.MAX_VALUE);
  }

  private long capacity(StickyTable table) {
    if (table.capacity() > 0) {
      return table.capacity();
    }
    throw new IllegalArgumentException("liveShare: " + liveShare
        + " (expected: ofLive, with a table whose capacity is not known)");
  }

  private static int positive(String setting, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(setting + ": " + value + " (expected: 1.." + most + ")");
    }
    return value;
  }
}
