package dev.limpet.core.golden;

import dev.limpet.core.Backend;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import dev.limpet.core.StickyRouter;
import dev.limpet.core.WeightedRendezvous;
import dev.limpet.core.affinity.KeyAffinity;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The rendezvous choices of sessions, on which all proxies of a fleet must agree. */
final class GoldenChoices {
  private static final int SESSIONS = 100;

  private GoldenChoices() {}

  static List<String> lines() {
    StickyRouter<String> router = router();
    return IntStream.rangeClosed(1, SESSIONS)
        .mapToObj(session -> "session-" + session)
        .map(session -> session + " = " + name(router.route(session)))
        .toList();
  }

  private static StickyRouter<String> router() {
    Environment environment = Environment.of(GoldenTable.SECRET);
    Pool pool = Pool.builder("web")
        .environment(environment)
        .balancer(new WeightedRendezvous())
        .backends(List.of(
            Backend.of("web1", "10.0.0.1", 80).withWeight(1),
            Backend.of("web2", "10.0.0.2", 80).withWeight(2).withGeneration("blue"),
            Backend.of("web3", "10.0.0.3", 80).withWeight(5)))
        .build();
    KeyExtractor<String> text = KeyExtractor.string(session -> session);
    return StickyRouter.of(
        pool, KeyAffinity.<String>builder(text).environment(environment).build());
  }

  private static String name(Route route) {
    return Objects.requireNonNull(route.backend()).name();
  }
}
