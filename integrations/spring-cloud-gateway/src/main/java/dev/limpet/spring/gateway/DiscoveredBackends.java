package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import org.springframework.cloud.loadbalancer.support.LoadBalancerClientFactory;
import reactor.core.publisher.Mono;

/**
 * Makes pools follow the instances that Spring Cloud LoadBalancer has. Safe for use by many threads
 * at once.
 */
final class DiscoveredBackends {
  /*
   * A supplier tells no changes. It is asked for its list with each request, which its cache makes
   * cheap, and the pool is changed if the list is another one.
   */

  private static final String WEIGHT = "weight";
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");

  private final ObjectProvider<LoadBalancerClientFactory> suppliers;
  private final Map<String, Followed> followed = new ConcurrentHashMap<>();

  /** The service that a pool follows, and the list that it has followed last. */
  private static final class Followed {
    private final String service;
    private volatile @Nullable List<ServiceInstance> last;
    private Map<Backend, Long> weights = Map.of();

    Followed(String service) {
      this.service = service;
    }
  }

  DiscoveredBackends(ObjectProvider<LoadBalancerClientFactory> suppliers) {
    this.suppliers = suppliers;
  }

  /**
   * Makes a pool follow the present instances of a service.
   *
   * @throws IllegalStateException if the pool follows another service
   */
  Mono<Void> refresh(StickyPool<?, ?> pool, String service) {
    Followed present = followed.computeIfAbsent(pool.name(), name -> new Followed(service));
    if (!present.service.equals(service)) {
      throw new IllegalStateException("uri: lb://" + service + " (expected: lb://" + present.service
          + ", which the pool " + pool.name() + " follows)");
    }
    return supplier(service)
        .get()
        .next()
        .doOnNext(instances -> follow(pool, present, instances))
        .then();
  }

  private ServiceInstanceListSupplier supplier(String service) {
    LoadBalancerClientFactory factory = suppliers.getIfAvailable();
    ServiceInstanceListSupplier supplier =
        (factory == null) ? null : factory.getInstance(service, ServiceInstanceListSupplier.class);
    if (supplier == null) {
      throw new IllegalStateException(
          "uri: lb://" + service + " (expected: a service, as a DiscoveryClient knows)");
    }
    return supplier;
  }

  @SuppressWarnings("ReferenceEquality") // the same list is not compared
  private static void follow(
      StickyPool<?, ?> pool, Followed followed, List<ServiceInstance> instances) {
    if (instances != followed.last) {
      followOther(pool, followed, instances);
    }
  }

  /** Some registries have instances that are equal if only their ids are. */
  private static void followOther(
      StickyPool<?, ?> pool, Followed followed, List<ServiceInstance> instances) {
    synchronized (followed) {
      Map<Backend, Long> weights = weights(instances, pool.maxConnections());
      if (!instances.equals(followed.last) || !weights.equals(followed.weights)) {
        pool.pool().follow(Backend.scaled(weights));
      }
      followed.weights = weights;
      followed.last = instances;
    }
  }

  private static Map<Backend, Long> weights(List<ServiceInstance> instances, int maxConnections) {
    Map<Backend, Long> weights = new LinkedHashMap<>();
    Set<String> ids = new HashSet<>();
    for (ServiceInstance instance : instances) {
      Backend backend = backend(instance).withMaxConnections(maxConnections);
      if (ids.add(backend.id())) { // a weighted supplier repeats an instance
        weights.put(backend, weight(instance));
      }
    }
    return weights;
  }

  private static Backend backend(ServiceInstance instance) {
    String id = instance.getInstanceId();
    String named =
        (id == null || id.isEmpty()) ? instance.getHost() + ':' + instance.getPort() : id;
    int port = (instance.getPort() > 0) ? instance.getPort() : instance.isSecure() ? 443 : 80;
    return Backend.of(Backend.idOf(named), instance.getHost(), port)
        .withScheme(instance.isSecure() ? "https" : "http")
        .withAttachment(instance);
  }

  /** Returns the weight of an instance: 1 unless its metadata have a whole number. */
  private static long weight(ServiceInstance instance) {
    Map<String, String> metadata = instance.getMetadata();
    String weight = (metadata == null) ? null : metadata.get(WEIGHT);
    return (weight == null || !WHOLE.matcher(weight).matches()) ? 1 : Long.parseLong(weight);
  }
}
