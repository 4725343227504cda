package dev.limpet.spring.gateway;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Flux;

/** A registry whose instances the test changes. */
final class TestRegistry implements ReactiveDiscoveryClient {
  private final Map<String, List<ServiceInstance>> instances = new ConcurrentHashMap<>();

  @Configuration(proxyBeanMethods = false)
  static class Config {
    @Bean
    TestRegistry registry() {
      return new TestRegistry();
    }
  }

  static ServiceInstance instance(String id, int port, Map<String, String> metadata) {
    return new DefaultServiceInstance(id, TestGateway.POOL, "127.0.0.1", port, false, metadata);
  }

  void set(String service, ServiceInstance... present) {
    instances.put(service, List.of(present));
  }

  @Override
  public String description() {
    return "test";
  }

  @Override
  public Flux<ServiceInstance> getInstances(String service) {
    return Flux.fromIterable(instances.getOrDefault(service, List.of()));
  }

  @Override
  public Flux<String> getServices() {
    return Flux.fromIterable(instances.keySet());
  }
}
