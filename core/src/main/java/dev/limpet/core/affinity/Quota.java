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
 * Limits how many sessions may take slots in a table, so that a flood from one side leaves room for
 * the others. It caps the live bindings of each group of sessions, such as those of one network, or
 * the new bindings of all groups together, or both. A session over the quota is not stored. It
 * falls back to hashing with {@link Reason#OVER_QUOTA}, and stays on that backend when there is
 * room again. Immutable.
 *
 * <pre>{@code
 * Quota quota = Quota.ofLiveShare(0.10).andNewPerSecond(1_000);
 * }</pre>
 *
 * <p>A group never has more live bindings than its cap. Expired bindings of a group are noticed
 * once in 1/64 of the duration. After a rejection, unknown sessions are bound to their rendezvous
 * choice instead of taking turns, for one duration: those of the same group, or all of them if the
 * limit of new bindings was reached.
 *
 * <p>Restored sessions count for no group until they begin again, so after a restart a group may
 * have its restored sessions and as many more as its cap allows. The restart also loses the memory
 * of rejections, so all unknown sessions are bound to their rendezvous choice for one duration
 * after it.
 *
 * <p>A session that expired and that its open route binds again counts for no group, and is not
 * refused. So in a pool that counts connections, a group may have that many bindings more.
 *
 * <p>Caps of groups take about 170 bytes per group, and 11 to 16 bytes per binding.
 *
 * @see KeyAffinity.Builder#quota
 */
public final class Quota {

  /** The highest limit of new bindings: 1,000,000 per second. */
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

  /** {@return a quota of one tenth of the table's capacity for each group} */
  public static Quota standard() {
    return ofLiveShare(STANDARD_SHARE);
  }

  /**
   * {@return a quota of live bindings for each group, as a share of the table's capacity, but at
   * least one}
   *
   * @param share more than 0, at most 1
   * @throws IllegalArgumentException if the share is out of range
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
   * @param bindings the maximum number, 1 or more
   * @throws IllegalArgumentException if the number is not positive
   */
  public static Quota ofLive(int bindings) {
    return new Quota(0, positive("live", bindings, Integer.MAX_VALUE), 0);
  }

  /**
   * {@return a quota of new bindings of all groups together}
   *
   * @param bindings as for {@link #andNewPerSecond}
   * @throws IllegalArgumentException if the number is out of range
   */
  public static Quota ofNewPerSecond(int bindings) {
    return NONE.andNewPerSecond(bindings);
  }

  /**
   * {@return a copy that also limits the new bindings of all groups together}
   *
   * @param bindings the maximum number per second, 1..{@value #MAX_NEW_PER_SECOND}. New bindings
   *     are spread evenly, but after a second without any they may come all at once, so the first
   *     second after a quiet one may have twice as many. Simultaneous requests of one new session
   *     count once, with rare exceptions
   * @throws IllegalArgumentException if the number is out of range
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
   * Makes an admission to a table by this quota.
   *
   * @throws IllegalArgumentException if this is a share of the table's capacity and that is unknown
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
    throw new IllegalArgumentException(
        "liveShare: " + liveShare + " (expected: ofLive, as the capacity of the table is unknown)");
  }

  private static int positive(String setting, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(setting + ": " + value + " (expected: 1.." + most + ")");
    }
    return value;
  }
}
