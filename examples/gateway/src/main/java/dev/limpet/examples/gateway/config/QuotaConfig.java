package dev.limpet.examples.gateway.config;

import dev.limpet.core.affinity.Quota;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many sessions of source addresses may take slots in a table.
 *
 * @param percent the share of the table that the addresses of one network may take, 1..100
 * @param newPerSecond the number of new sessions per second, of all addresses together; null for no
 *     limit
 */
public record QuotaConfig(int percent, @Nullable Integer newPerSecond) {
  private static final double HUNDRED = 100;
  private static final int STANDARD_PERCENT = 10;

  static @Nullable QuotaConfig read(Setting setting) {
    Section section = setting.section("percent", "newPerSecond");
    if (section == null) {
      return null;
    }
    Integer percent = section.optional("percent", STANDARD_PERCENT, it -> it.number(1, 100));
    Integer rate = section.optional("newPerSecond", it -> it.number(1, Quota.MAX_NEW_PER_SECOND));
    return (percent == null) ? null : new QuotaConfig(percent, rate);
  }

  /** Returns the quota as the file spells it. */
  String toText() {
    String more = (newPerSecond == null) ? "" : ", newPerSecond: " + newPerSecond;
    return "{percent: " + percent + more + '}';
  }

  /** Returns the quota of the library. */
  public Quota quota() {
    Quota live = Quota.ofLiveShare(percent / HUNDRED);
    return (newPerSecond == null) ? live : live.andNewPerSecond(newPerSecond);
  }
}
