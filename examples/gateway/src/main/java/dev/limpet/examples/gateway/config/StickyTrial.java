package dev.limpet.examples.gateway.config;

import dev.limpet.core.Environment;
import dev.limpet.core.Fault;
import dev.limpet.core.FaultException;
import dev.limpet.core.Pool;
import dev.limpet.core.StickySession;
import dev.limpet.core.TableFactory;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.l7.LbCookieAffinity;
import java.util.List;

/**
 * Builds what a {@code stickySession} describes, to find the faults that only the library knows.
 */
final class StickyTrial {
  private static final int SMALL = 64;

  private StickyTrial() {}

  /**
   * Returns the faults of the attributes of a cookie that is sent only over TLS; whether it must be
   * is another rule.
   *
   * @param pool a pool of the same name
   */
  static List<Fault> cookieFaults(Pool pool, StickyDraft sticky, LbCookieConfig cookie) {
    var builder = LbCookieAffinity.builder(pool, new NoAccess())
        .session(StickySession.lbCookie().withCookieName(sticky.cookieName()));
    cookie.applyTo(builder, true);
    return faults(builder::build);
  }

  /**
   * Returns the faults of a custom type.
   *
   * @param pool a pool of the same name
   */
  static List<Fault> customFaults(Pool pool, StickyConfig sticky) {
    TableFactory small =
        (session, environment) -> CompactStickyTable.of(session, SMALL, environment.clock());
    var affinities = new FieldAffinities<>(pool, new NoAccess(), Environment.local(), null, small);
    return faults(() -> affinities.of(sticky));
  }

  private static List<Fault> faults(Runnable build) {
    try {
      build.run();
      return List.of();
    } catch (FaultException e) {
      return e.faults();
    } catch (IllegalArgumentException e) {
      return List.of(Fault.of("type", "unusable", String.valueOf(e.getMessage())));
    }
  }
}
