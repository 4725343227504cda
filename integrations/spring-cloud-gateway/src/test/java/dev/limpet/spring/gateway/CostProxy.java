package dev.limpet.spring.gateway;

import dev.limpet.core.Affinity;
import dev.limpet.l7.HttpAffinity;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/** A gateway for {@code benchmarks/proxy-cost.sh}. */
final class CostProxy {
  private static final String ROUTE = "spring.cloud.gateway.server.webflux.routes[0].";
  private static final String INSTANCES = "spring.cloud.discovery.client.simple.instances.web";

  private CostProxy() {}

  /**
   * Starts a gateway with a route {@code lb://web}.
   *
   * @param args the mode, the port to listen at, and the ports of the backends
   */
  public static void main(String[] args) {
    String[] ports = Arrays.copyOfRange(args, 2, args.length);
    Map<String, Object> properties = new TreeMap<>();
    properties.put("server.port", args[1]);
    properties.put("server.address", "127.0.0.1");
    properties.put(ROUTE + "id", "web");
    properties.put(ROUTE + "uri", "lb://web");
    properties.put(ROUTE + "predicates[0]", "Path=/**");
    for (int i = 0; i < ports.length; i++) {
      properties.put(INSTANCES + "[" + i + "].instanceId", "b" + i);
      properties.put(INSTANCES + "[" + i + "].uri", "http://127.0.0.1:" + ports[i]);
    }
    if (args[0].equals("bare")) {
      properties.put("spring.autoconfigure.exclude", LimpetAutoConfiguration.class.getName());
    } else {
      properties.put(ROUTE + "filters[0]", "Limpet");
    }
    new SpringApplicationBuilder(TestGateway.App.class)
        .sources(args[0].equals("plain") ? NotSticky.class : TestGateway.App.class)
        .web(WebApplicationType.REACTIVE)
        .properties(properties)
        .run();
  }

  /** Leaves requests without a session. */
  @Configuration(proxyBeanMethods = false)
  static class NotSticky {
    @Bean
    AffinityFactory<ServerHttpRequest, ServerHttpResponse> none() {
      return (pool, access) -> HttpAffinity.of(Affinity.<ServerHttpRequest>none(), access);
    }
  }
}
