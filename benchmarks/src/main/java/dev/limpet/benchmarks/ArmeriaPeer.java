package dev.limpet.benchmarks;

import static java.util.Objects.requireNonNull;

import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.common.loadbalancer.LoadBalancer;
import java.util.List;

/**
 * Armeria: its sticky balancer, by the hash code of the session's id, which Java caches in the
 * string.
 */
final class ArmeriaPeer extends ListPeer {
  private final String[] ids;
  private volatile LoadBalancer<Endpoint, String> balancer;

  ArmeriaPeer(List<String> backends, String[] ids) {
    super(backends, ids.length);
    this.ids = ids;
    this.balancer = balancer(backends);
  }

  @Override
  public Object route(int session) {
    return requireNonNull(balancer.pick(ids[session]));
  }

  @Override
  String request(int session) {
    return ((Endpoint) route(session)).host();
  }

  @Override
  void serve(List<String> backends) {
    balancer = balancer(backends);
  }

  private static LoadBalancer<Endpoint, String> balancer(List<String> backends) {
    List<Endpoint> endpoints = backends.stream().map(Endpoint::of).toList();
    return LoadBalancer.ofSticky(endpoints, String::hashCode);
  }
}
