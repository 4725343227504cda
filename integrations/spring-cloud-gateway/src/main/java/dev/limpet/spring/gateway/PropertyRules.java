package dev.limpet.spring.gateway;

import dev.limpet.core.StickySession.Mode;
import java.time.Duration;

/** The rules that only the properties of a pool together can violate. */
final class PropertyRules {
  private static final Duration MAX_DEADLINE = Duration.ofSeconds(1);
  private static final String SHARED_TYPES =
      "source-ip, app-cookie, query, path, header with form learned or sent, or mcp with form"
          + " learned, as the table is shared";

  private PropertyRules() {}

  static void check(
      String prefix, PoolProperties pool, boolean hasKeySecret, PropertyFaults faults) {
    StickyProperties sticky = pool.stickySession();
    String stickyPrefix = prefix + ".sticky-session.";
    sticky.present().forEach((key, value) -> {
      if (!sticky.type().has(key)) {
        faults.add(
            stickyPrefix + key, PropertyFaults.spelled(value), "absent with type " + sticky.type());
      }
    });
    if (sticky.isToken() && sticky.mode() == Mode.SLIDING) {
      faults.add(
          stickyPrefix + "mode",
          Mode.SLIDING,
          "absolute, as clients keep what they got; or form learned");
    }
    if (sticky.type() == StickyType.MCP && sticky.form() != null && !isOfMcp(sticky.form())) {
      faults.add(stickyPrefix + "form", sticky.form(), "sealed or learned with type mcp");
    }
    if (pool.sharedTable() != null) {
      checkShared(prefix, pool.sharedTable(), sticky, hasKeySecret, faults);
    }
  }

  private static boolean isOfMcp(StickyForm form) {
    return form == StickyForm.SEALED || form == StickyForm.LEARNED;
  }

  private static void checkShared(
      String prefix,
      SharedTableProperties shared,
      StickyProperties sticky,
      boolean hasKeySecret,
      PropertyFaults faults) {
    if (shared.redis() == null) {
      faults.add(prefix + ".shared-table.redis", "absent", "a URI such as redis://host:6379");
    }
    if (shared.deadline().isNegative()
        || shared.deadline().isZero()
        || shared.deadline().compareTo(MAX_DEADLINE) > 0) {
      faults.add(
          prefix + ".shared-table.deadline", PropertyFaults.spelled(shared.deadline()), "1ms..1s");
    }
    if (!hasKeySecret) {
      faults.add(
          LimpetProperties.PREFIX + ".key-secret", "absent", "a secret, as a table is shared");
    }
    if (!sticky.hasTable()) {
      faults.add(prefix + ".sticky-session.type", sticky.type(), SHARED_TYPES);
    }
    if (sticky.quota() != null) {
      faults.add(prefix + ".sticky-session.quota", "present", "absent, as the table is shared");
    }
  }
}
