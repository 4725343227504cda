package dev.limpet.examples.gateway.config;

import dev.limpet.core.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules about tables that gateways share. */
final class SharedTableRules {
  private static final String KEY = "sharedTable";
  private static final String STICKY = "stickySession";
  private static final String TYPES =
      "source-ip, app-cookie, query, path, header with form learned or sent,"
          + " or mcp with form learned, as the table is shared";

  private final @Nullable Profile profile;
  private final boolean hasKeySecret;
  private final Faults faults;

  SharedTableRules(@Nullable Profile profile, boolean hasKeySecret, Faults faults) {
    this.profile = profile;
    this.hasKeySecret = hasKeySecret;
    this.faults = faults;
  }

  void check(List<PoolDraft> pools) {
    for (PoolDraft pool : pools) {
      if (pool.section().has(KEY)) {
        check(pool);
      }
    }
  }

  private void check(PoolDraft pool) {
    int line = pool.section().line(KEY);
    if (!hasKeySecret) {
      faults.add(line, "keySecret", "absent", "a secret, as a table is shared");
    }
    if (profile == Profile.CLASSIC) {
      faults.add(
          line, KEY, "on the pool", "absent with profile classic, where sessions are a listener's");
    } else if (!pool.section().has(STICKY)) {
      faults.add(line, STICKY, "absent", "type " + TYPES);
    } else if (pool.stickySession() != null) {
      check(pool.stickySession());
    }
  }

  private void check(StickyDraft sticky) {
    Section section = sticky.section();
    if (sticky.type() != null && sticky.field() != null && !sticky.hasTable()) {
      faults.add(section.line("type"), "type", section.shown("type"), TYPES);
    }
    if (section.has("quota")) {
      faults.add(
          section.line("quota"), "quota", section.shown("quota"), "absent, as the table is shared");
    }
  }
}
