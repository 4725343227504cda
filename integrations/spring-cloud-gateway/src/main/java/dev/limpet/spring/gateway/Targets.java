package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import java.net.URI;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.loadbalancer.LoadBalancerUriTools;
import org.springframework.cloud.gateway.support.DelegatingServiceInstance;

/** What Spring Cloud knows of a backend. */
final class Targets {
  private Targets() {}

  /** Returns the instance that a backend was made of. */
  static ServiceInstance instance(Backend backend) {
    if (backend.attachment() instanceof ServiceInstance instance) {
      return instance;
    }
    return ListedBackends.instance(backend);
  }

  /** Returns a URI at a backend, with a scheme whatever the instance says. */
  static URI at(Backend backend, String scheme, URI original) {
    return LoadBalancerUriTools.reconstructURI(new WithScheme(instance(backend), scheme), original);
  }

  private static final class WithScheme extends DelegatingServiceInstance {
    private final String scheme;

    WithScheme(ServiceInstance instance, String scheme) {
      super(instance, scheme);
      this.scheme = scheme;
    }

    @Override
    public String getScheme() {
      return scheme;
    }
  }
}
