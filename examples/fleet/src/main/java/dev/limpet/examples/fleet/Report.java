package dev.limpet.examples.fleet;

import java.io.PrintStream;

/** Prints the story as a table, row by row, and counts its claims. */
final class Report {
  private static final String ROW = "%-45s%9s%9s%7s%8s%7s  %s";
  private static final int EXAMPLES = 3;
  private static final double HUNDRED = 100;

  private final PrintStream out;
  private int claims;
  private int held;

  Report(PrintStream out) {
    this.out = out;
  }

  void title() {
    out.println("A request sticks if it reaches the backend of its session, which knows the user.");
    out.println();
    print("sessions by", "sessions", "requests", "stuck", "", "failed", "claim");
  }

  void phase(String event, String expected) {
    out.printf("%n%s%n%s%n", event, expected);
  }

  /** Prints requests, with the claim that all of them stick. */
  void allStick(String who, Visits visits) {
    claim(who, visits, "100 %", visits.allStuck());
  }

  /**
   * Prints requests, with the claim that all requests of a session go to one backend, whichever it
   * is.
   */
  void allSteady(String who, Visits visits) {
    claim(who, visits, "one backend per session, none fails", visits.allSteady());
  }

  /**
   * Prints requests, with the claim that all of them stick, and that none is served by a given
   * backend.
   */
  void allStickElsewhere(String who, Visits visits, String backend) {
    boolean elsewhere = visits.all().stream().noneMatch(v -> v.backend().equals(backend));
    claim(who, visits, "100 %, none at " + backend, visits.allStuck() && elsewhere);
  }

  /** Prints how many claims hold. Returns whether all do. */
  boolean end() {
    out.printf("%n%d of %d claims hold%n", held, claims);
    return claims > 0 && held == claims;
  }

  private void claim(String who, Visits visits, String claim, boolean holds) {
    claims++;
    held += holds ? 1 : 0;
    String share = "%.1f %%".formatted(HUNDRED * visits.stuck() / Math.max(1, visits.size()));
    print(
        who,
        visits.sessions(),
        visits.size(),
        visits.stuck(),
        share,
        visits.failed(),
        claim + (holds ? ": holds" : ": FAILS"));
    if (!holds) {
      visits.strays().limit(EXAMPLES).forEach(stray -> out.println("  " + stray));
    }
  }

  private void print(Object... cells) {
    out.println(ROW.formatted(cells));
  }
}
