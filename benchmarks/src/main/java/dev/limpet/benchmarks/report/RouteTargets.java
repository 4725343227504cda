package dev.limpet.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The targets for the memory that routing a bound session allocates.
 *
 * @param jmh the results of one JDK
 * @param jdk its version
 */
record RouteTargets(Selection jmh, String jdk) {
  private static final String LB_COOKIE = "lbCookie";

  /** Returns the results of routing, for the compact table if there are several. */
  static Selection routes(Selection jmh) {
    return jmh.of("RouteBenchmark")
        .only(m -> m.value("table").isEmpty() || m.value("table").equals("compact"));
  }

  List<Verdict> verdicts() {
    List<Verdict> verdicts = new ArrayList<>();
    for (String affinity : affinities()) {
      Selection hits = routes(jmh).with("affinity", affinity);
      verdicts.add(allocates(
          affinity + " hit, clean and polluted:", hits, affinity.equals(LB_COOKIE) ? 64 : 0));
    }
    verdicts.add(allocates("LB-cookie hit not verified before:", jmh.of("TokenBenchmark"), 700));
    return verdicts;
  }

  private List<String> affinities() {
    List<String> measured = routes(jmh).values("affinity");
    return measured.isEmpty() ? List.of("sourceIp", "header", "appCookie", LB_COOKIE) : measured;
  }

  private Verdict allocates(String claim, Selection hits, int limit) {
    OptionalDouble bytes = hits.mostBytes();
    OptionalDouble whole =
        bytes.isEmpty() ? bytes : OptionalDouble.of(Math.rint(bytes.getAsDouble()));
    return Verdict.atMost(jdk, claim, whole, limit, " B/op");
  }
}
