package dev.limpet.examples.gateway.admin;

import dev.limpet.core.Outcome;
import dev.limpet.core.Reason;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** What the outcomes of the last minute suggest, in the order of the check list of operators. */
final class OutcomeAdvice {
  private static final long LEAST_REQUESTS = 20;
  private static final double MOST = 0.5;
  private static final double MANY = 0.1;
  private static final double SOME = 0.01;
  private static final double FEW_KEPT = 0.1;

  private static final List<Rule> RULES = List.of(
      ofFewKept(
          EnumSet.of(Reason.NO_KEY),
          "most requests carry no cookie or key, and few sessions are kept: the clients do not"
              + " send it back. Repeat a request with the cookie of its response to see the"
              + " difference."),
      ofFewKept(
          EnumSet.of(Reason.UNKNOWN),
          "most sessions are unknown, and few are kept: what identifies them changes with each "
              + "request, or they expire between requests. Compare two requests of one client."),
      new Rule(
          EnumSet.of(Reason.EXPIRED),
          MANY,
          "many sessions have expired: the pauses of clients are longer than the duration. Use a "
              + "longer duration if clients lose work."),
      new Rule(
          EnumSet.of(Reason.MALFORMED, Reason.UNUSABLE_KEY),
          MANY,
          "many cookies or keys cannot be read: something changes them on their way, or another "
              + "cookie has the same name."),
      new Rule(
          EnumSet.of(Reason.FORGED, Reason.UNKNOWN_KEY),
          MANY,
          "many tokens were made with other keys: give all gateways the same keySecret or "
              + "cookieSecrets, and keep old keys as long as their cookies live."),
      new Rule(
          EnumSet.of(Reason.FUTURE),
          SOME,
          "tokens are dated in the future: the clocks of the gateways differ by more than 60 s. "
              + "Synchronize them."),
      new Rule(
          EnumSet.of(Reason.TABLE_FULL),
          SOME,
          "the table has no free slot, so new sessions fall back to hashing. Use a shorter "
              + "duration, or a quota if few addresses have most sessions."),
      new Rule(
          EnumSet.of(Reason.OVER_QUOTA),
          MANY,
          "many sessions exceed the quota and fall back to hashing. Raise it if they are from a "
              + "proxy that you know."),
      new Rule(
          EnumSet.of(Reason.STORE_UNAVAILABLE),
          SOME,
          "the store does not answer in time. Look at Redis and the network, or use a longer "
              + "deadline."),
      new Rule(
          EnumSet.of(Reason.BACKEND_FULL),
          MANY,
          "the backends of many sessions are at capacity. Add backends, or raise maxConnections."),
      new Rule(
          EnumSet.of(Reason.BACKEND_DOWN, Reason.BACKEND_EJECTED, Reason.CONNECT_FAILED),
          MANY,
          "many sessions lose their backend because it fails. Look at the backends that are down "
              + "or ejected, and at their health check."),
      new Rule(
          EnumSet.of(Reason.BACKEND_GONE),
          MANY,
          "many sessions lose their backend because it was removed. Drain backends before you "
              + "remove them."),
      new Rule(
          counts -> counts.of(Outcome.NO_BACKEND),
          SOME,
          "no backend can serve some requests. Look at the states and capacities of the backends."),
      new Rule(
          counts -> counts.of(Outcome.REFUSED),
          SOME,
          "some sessions are refused because their own backend cannot serve. Use the failover move "
              + "if another backend may continue them."));

  private OutcomeAdvice() {}

  /** Advice for when a part of all requests meets a condition. */
  private record Rule(ToLongFunction<OutcomeCounts> count, double least, String text) {
    Rule(Set<Reason> reasons, double least, String text) {
      this(counts -> counts.of(reasons), least, text);
    }

    boolean applies(OutcomeCounts counts) {
      long meeting = count.applyAsLong(counts);
      return meeting > 0 && meeting >= least * counts.total();
    }
  }

  private static Rule ofFewKept(Set<Reason> reasons, String text) {
    return new Rule(counts -> isFewKept(counts) ? counts.of(reasons) : 0, MOST, text);
  }

  private static boolean isFewKept(OutcomeCounts counts) {
    return counts.of(Outcome.KEPT) < FEW_KEPT * counts.total();
  }

  /**
   * Returns advice, a text each; none if there are fewer than 20 requests.
   *
   * @param counts the numbers of requests in the last minute
   */
  static List<String> of(OutcomeCounts counts) {
    return (counts.total() < LEAST_REQUESTS)
        ? List.of()
        : RULES.stream().filter(rule -> rule.applies(counts)).map(Rule::text).toList();
  }
}
