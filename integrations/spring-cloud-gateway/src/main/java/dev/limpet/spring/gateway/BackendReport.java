package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Ejection;
import dev.limpet.core.Member;
import dev.limpet.core.Remaining;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the endpoint shows of a backend.
 *
 * @param id the id
 * @param uri the scheme and the address
 * @param state {@code up}, {@code draining}, {@code down} or {@code ejected}
 * @param draining whether it takes no new sessions by the operator's will
 * @param weight the weight
 * @param tier the tier
 * @param connections the number of requests and WebSockets at this moment
 * @param maxConnections the maximum of them; 0 for no limit
 * @param bindings the number of its sessions; null if they are not counted
 * @param ejection for how long it is ejected, and why; null if it is not
 */
record BackendReport(
    String id,
    String uri,
    String state,
    boolean draining,
    int weight,
    int tier,
    int connections,
    int maxConnections,
    @Nullable Long bindings,
    @Nullable EjectionReport ejection) {

  /**
   * What the endpoint shows of an ejection.
   *
   * @param remaining for how long it lasts still, in ISO-8601
   * @param times how many ejections there were in a row
   * @param cause the last failure
   */
  record EjectionReport(String remaining, int times, String cause) {
    static EjectionReport of(Ejection ejection) {
      return new EjectionReport(
          ejection.remaining().toString(), ejection.times(), spelled(ejection.cause()));
    }
  }

  static BackendReport of(Member member, Remaining remaining) {
    Backend backend = member.backend();
    Ejection ejection = member.ejection();
    return new BackendReport(
        backend.id(),
        backend.scheme() + "://" + backend.authority(),
        spelled(member.state()),
        member.draining(),
        backend.weight(),
        backend.tier(),
        member.load().connections(),
        backend.maxConnections(),
        remaining.bindings().isPresent() ? remaining.bindings().getAsLong() : null,
        (ejection == null) ? null : EjectionReport.of(ejection));
  }

  private static String spelled(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
