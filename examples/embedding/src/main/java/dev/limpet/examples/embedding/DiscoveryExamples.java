package dev.limpet.examples.embedding;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import dev.limpet.core.Route;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The examples of {@code docs/discovery.md}. */
final class DiscoveryExamples extends Embedder {

  /** What a registry knows of a server. */
  record Instance(String id, String host, int port, boolean isTls, long weight) {}

  void refresh(Pool pool, Collection<Instance> instances) {
    pool.follow(instances.stream().map(DiscoveryExamples::backend).toList());
  }

  static Backend backend(Instance instance) {
    return Backend.of(Backend.idOf(instance.id()), instance.host(), instance.port())
        .withScheme(instance.isTls() ? "https" : "http")
        .withAttachment(instance);
  }

  void refreshByWeight(Pool pool, List<Instance> instances) {
    Map<Backend, Long> weights = new LinkedHashMap<>();
    instances.forEach(instance -> weights.put(backend(instance), instance.weight()));
    pool.follow(Backend.scaled(weights));
  }

  @SuppressWarnings("NullAway") // of a route that has a backend
  Instance instance(Route route) {
    Instance instance = (Instance) route.backend().attachment();
    return instance;
  }

  void report(Pool pool, Backend checked, boolean isHealthy) {
    if (!pool.report(checked, isHealthy)) {
      log.info("{}: left the pool while it was checked", checked.id());
    }
  }
}
