package dev.limpet.benchmarks;

import dev.limpet.benchmarks.FairnessLoad.Stretch;
import dev.limpet.core.Backend;
import dev.limpet.core.Balancer;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.WeightedLeastConnections;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.WeightedRoundRobin;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * How evenly does each balancer spread the load of sticky sessions, of which a few are very long?
 *
 * <p>Simulates 90 minutes of {@link FairnessVisitors}, about 1,000 requests per second, of which
 * the first 30 minutes do not count. Repeats this three times, each with its own seed. The load of
 * a backend is the ratio of its requests to its share by weight of all requests. Each request has a
 * connection for one second on average. Some figures differ a little from run to run, because the
 * cycle of least connections, and one that hits are charged to, begin anywhere. The others are
 * always the same.
 *
 * <ul>
 * <li>peak: the greatest load of a backend in a minute, on average.
 * <li>worst peak: the greatest load of any backend in any minute.
 * <li>variation: the coefficient of variation of the loads in a minute, on average, and its range
 *     over the seeds.
 * <li>shares: the least and the greatest load over the whole time.
 * <li>from … min: the least and the greatest load of a backend in ten minutes, on average over the
 *     seeds.
 * </ul>
 *
 * <pre>java -cp benchmarks.jar dev.limpet.benchmarks.Fairness loads.csv</pre>
 */
public final class Fairness {
  static final int MINUTES = 90;

  private static final int SECONDS = 60;
  private static final int WARM_UP = 30;
  private static final int SPAN = 10;
  private static final int CAPACITY = 1 << 20;
  private static final int SEEDS = 3;

  private Fairness() {}

  /**
   * Prints the tables in Markdown. If a file is given, writes the load of each backend in each
   * minute to it.
   *
   * @param args the file to write
   * @throws IOException if it cannot be written
   */
  public static void main(String[] args) throws IOException {
    if (args.length > 1) {
      System.err.println(
          "arguments: " + args.length + " (expected: none, or the file to write CSV to)");
      System.exit(2);
    }
    List<String> rows = new ArrayList<>();
    rows.add("scenario,balancer,seed,minute,backend,requests");
    for (FairnessScenario scenario : FairnessScenario.all()) {
      printHead(scenario, System.out);
      balancersFor(scenario).forEach((name, balancer) -> {
        List<FairnessLoad> loads = IntStream.rangeClosed(1, SEEDS)
            .mapToObj(seed -> simulate(scenario, balancer.get(), seed, MINUTES))
            .toList();
        System.out.println(row(name, loads));
        for (int i = 0; i < SEEDS; i++) {
          rows.addAll(csv(scenario.name() + ',' + name + ',' + (i + 1), loads.get(i)));
        }
      });
      System.out.println();
    }
    if (args.length == 1) {
      Files.write(Path.of(args[0]), rows);
    }
  }

  /**
   * {@return the balancers that a scenario allows, by the names that the tables show} Hits can be
   * charged only where all weights are equal.
   */
  static Map<String, Supplier<Balancer>> balancersFor(FairnessScenario scenario) {
    Map<String, Supplier<Balancer>> balancers = new LinkedHashMap<>();
    balancers.put("weighted round robin", () -> new SettledTurns(new WeightedRoundRobin()));
    if (scenario.hasEqualWeights()) {
      balancers.put("the same, charging hits", WeightedRoundRobin::chargingHits);
    }
    balancers.put("weighted least connections", WeightedLeastConnections::new);
    balancers.put("weighted rendezvous", WeightedRendezvous::new);
    return balancers;
  }

  /** {@return the load in each minute} */
  static FairnessLoad simulate(
      FairnessScenario scenario, Balancer balancer, long seed, int minutes) {
    FairnessVisitors visitors = new FairnessVisitors(seed, scenario.addresses());
    Pool pool = Pool.builder("web")
        .balancer(balancer)
        .backends(scenario.backends())
        .countConnections()
        .build();
    StickyRouter<Long> router = router(pool, visitors);
    FairnessLoad load = new FairnessLoad();
    FairnessConnections connections = new FairnessConnections(seed);
    visitors.next();
    for (int minute = 0; minute < minutes; minute++) {
      change(scenario, pool, minute * SECONDS);
      load.begin(weights(pool));
      while (visitors.seconds() < (minute + 1) * SECONDS) {
        connections.closeUntil(visitors.seconds());
        Route route = router.route(visitors.key());
        connections.open(route, visitors.seconds());
        Backend backend = route.backend();
        load.add((backend == null) ? "none" : backend.id());
        visitors.next();
      }
    }
    return load;
  }

  private static StickyRouter<Long> router(Pool pool, FairnessVisitors visitors) {
    Environment environment = Environment.of(new byte[Environment.MIN_SECRET_BYTES])
        .withClock(() -> (long) (visitors.seconds() * TimeUnit.SECONDS.toNanos(1)));
    return StickyRouter.of(
        pool,
        KeyAffinity.<Long>builder(KeyExtractor.number(Long::longValue))
            .environment(environment)
            .table((session, same) -> CompactStickyTable.of(session, CAPACITY, same.clock()))
            .build());
  }

  private static void change(FairnessScenario scenario, Pool pool, int second) {
    if (second == scenario.after()) {
      pool.change(scenario.change());
    } else if (second == scenario.until()) {
      pool.change(scenario.back());
    }
  }

  private static Map<String, Integer> weights(Pool pool) {
    Map<String, Integer> weights = new TreeMap<>();
    for (Member member : pool.snapshot().members()) {
      if (member.acceptsNew()) {
        weights.put(member.backend().id(), member.backend().weight());
      }
    }
    return weights;
  }

  private static void printHead(FairnessScenario scenario, PrintStream out) {
    out.println("**" + scenario.name() + "**\n");
    StringBuilder head = new StringBuilder("| balancer | peak | worst peak | variation | shares |");
    for (int minute = WARM_UP; minute < MINUTES; minute += SPAN) {
      head.append(" from ").append(minute).append(" min |");
    }
    out.println(head);
    out.println("|---|" + "--:|".repeat(4 + (MINUTES - WARM_UP) / SPAN));
  }

  private static String row(String name, List<FairnessLoad> loads) {
    DoubleSummaryStatistics peaks = loads.stream()
        .flatMap(load -> counted(load).stream())
        .mapToDouble(Stretch::peak)
        .summaryStatistics();
    DoubleSummaryStatistics variations =
        loads.stream().mapToDouble(Fairness::variation).summaryStatistics();
    List<Stretch> all = together(loads, WARM_UP, MINUTES);
    StringBuilder row = new StringBuilder(String.format(
        Locale.ROOT,
        "| %s | %.2f | %.2f | %.1f %% (%.1f–%.1f) | %.2f–%.2f |",
        name,
        peaks.getAverage(),
        peaks.getMax(),
        100 * variations.getAverage(),
        100 * variations.getMin(),
        100 * variations.getMax(),
        all.stream().mapToDouble(Stretch::least).min().orElse(0),
        all.stream().mapToDouble(Stretch::peak).max().orElse(0)));
    for (int minute = WARM_UP; minute < MINUTES; minute += SPAN) {
      List<Stretch> span = together(loads, minute, minute + SPAN);
      row.append(String.format(
          Locale.ROOT,
          " %.2f–%.2f |",
          span.stream().mapToDouble(Stretch::least).average().orElse(0),
          span.stream().mapToDouble(Stretch::peak).average().orElse(0)));
    }
    return row.toString();
  }

  private static List<Stretch> counted(FairnessLoad load) {
    return load.stretches().subList(WARM_UP, MINUTES);
  }

  private static double variation(FairnessLoad load) {
    return counted(load).stream().mapToDouble(Stretch::variation).average().orElse(0);
  }

  private static List<Stretch> together(List<FairnessLoad> loads, int first, int end) {
    return loads.stream().map(load -> load.together(first, end)).toList();
  }

  private static List<String> csv(String name, FairnessLoad load) {
    List<String> rows = new ArrayList<>();
    for (int minute = 0; minute < load.stretches().size(); minute++) {
      Stretch stretch = load.stretches().get(minute);
      int now = minute;
      stretch
          .backends()
          .forEach(id -> rows.add(name + ',' + now + ',' + id + ',' + stretch.requests(id)));
    }
    return rows;
  }
}
