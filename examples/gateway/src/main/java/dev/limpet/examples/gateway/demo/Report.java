package dev.limpet.examples.gateway.demo;

import dev.limpet.examples.gateway.demo.Story.Claim;
import dev.limpet.examples.gateway.demo.Story.Result;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Prints the story as a table, row by row, and collects its claims. */
final class Report {
  private static final String ROW = "%-25s%6s%10s%13s%8s%11s%s  %s";
  private static final String NONE = "-";
  private static final int GAP = 2;

  private final PrintStream out;
  private final List<String> backends;
  private final List<Claim> claims = new ArrayList<>();
  private String scene = "";

  Report(PrintStream out, List<String> backends) {
    this.out = out;
    this.backends = backends;
  }

  void title() {
    out.println(
        "A backend knows the users who logged in there, and asks all others to log in (again).");
    out.println(
        "\"each used\": how many backends served one user; then, the sessions on each backend.");
    out.println();
    print(
        "sticky by", "users", "requests", "asked again", "failed", "each used", cells(b -> b), "");
  }

  void note(String line) {
    out.println(line);
  }

  void scene(String event, String claim) {
    scene = event;
    out.printf("%n%s%n%s%n", event, claim);
  }

  /** Prints a row of users who have one session each. */
  void sessions(String who, Crowd crowd, boolean holds) {
    row(who, crowd, backend -> String.valueOf(crowd.on(backend).size()), holds);
  }

  /** Prints a row of users whose requests belong to no session. */
  void requests(String who, Crowd crowd, boolean holds) {
    row(who, crowd, backend -> NONE, holds);
  }

  /** Prints a row without users. */
  void claim(String who, boolean holds) {
    print(who, "", "", "", "", "", cells(backend -> ""), claimed(who, holds));
  }

  Result result() {
    long held = claims.stream().filter(Claim::holds).count();
    out.printf("%n%d of %d claims hold%n", held, claims.size());
    return new Result(claims);
  }

  private void row(String who, Crowd crowd, Function<String, String> cell, boolean holds) {
    print(
        who,
        crowd.size(),
        crowd.requests(),
        crowd.askedAgain(),
        crowd.failures(),
        range(crowd.backendsEach()),
        cells(cell),
        claimed(who, holds));
    if (!holds) {
      crowd.troubles().forEach(trouble -> out.println("  " + trouble));
    }
  }

  private void print(Object... cells) {
    out.println(ROW.formatted(cells).stripTrailing());
  }

  private String claimed(String who, boolean holds) {
    claims.add(new Claim(scene, who, holds));
    return holds ? "holds" : "FAILS";
  }

  private String cells(Function<String, String> cell) {
    return backends.stream()
        .map(backend -> ("%" + (backend.length() + GAP) + "s").formatted(cell.apply(backend)))
        .collect(Collectors.joining());
  }

  private static String range(IntSummaryStatistics numbers) {
    if (numbers.getCount() == 0) {
      return NONE;
    }
    return (numbers.getMin() == numbers.getMax())
        ? String.valueOf(numbers.getMin())
        : numbers.getMin() + "-" + numbers.getMax();
  }
}
