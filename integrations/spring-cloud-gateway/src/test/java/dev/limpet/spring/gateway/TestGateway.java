package dev.limpet.spring.gateway;

import dev.limpet.core.Backend;
import dev.limpet.core.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** An application that is nothing but a gateway, with one route to a pool. */
final class TestGateway implements AutoCloseable {
  static final String POOL = "story";
  private static final String WEB_FLUX = "spring.cloud.gateway.server.webflux.";
  private static final String WEB_MVC = "spring.cloud.gateway.server.webmvc.";
  private static final String ROUTE = WEB_FLUX + "routes[0].";

  private final ConfigurableApplicationContext context;

  private TestGateway(ConfigurableApplicationContext context) {
    this.context = context;
  }

  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration
  static class App {}

  /** Properties of an application, which is to be started. */
  static final class Settings {
    private final Map<String, Object> properties = new TreeMap<>();
    private final List<Class<?>> sources = new ArrayList<>(List.of(App.class));
    private WebApplicationType server = WebApplicationType.REACTIVE;

    private Settings() {}

    Settings with(String key, Object value) {
      properties.put(key, String.valueOf(value));
      return this;
    }

    /** Adds a property of the pool. */
    Settings pool(String key, Object value) {
      return with("limpet.pools." + POOL + "." + key, value);
    }

    /** Adds filters of the route, in their short form. */
    Settings filters(String... filters) {
      for (int i = 0; i < filters.length; i++) {
        with(ROUTE + "filters[" + i + "]", filters[i]);
      }
      return this;
    }

    /**
     * Starts the gateway for WebMVC with the same routes. The gateway for WebFlux and its client
     * are on the class path of tests, too.
     */
    Settings onServlets() {
      server = WebApplicationType.SERVLET;
      Map<String, Object> webFlux = new TreeMap<>(properties);
      properties.clear();
      webFlux.forEach((key, value) -> properties.put(key.replace(WEB_FLUX, WEB_MVC), value));
      return with(WEB_FLUX + "enabled", false)
          .with("spring.http.clients.imperative.factory", "jdk")
          .with("spring.http.clients.connect-timeout", "500ms");
    }

    Settings source(Class<?> source) {
      sources.add(source);
      return this;
    }

    TestGateway start() {
      return new TestGateway(new SpringApplicationBuilder(sources.toArray(Class<?>[]::new))
          .web(server)
          .bannerMode(Banner.Mode.OFF)
          .logStartupInfo(false)
          .registerShutdownHook(false)
          .lazyInitialization(true)
          .properties(properties)
          .run());
    }
  }

  /** A gateway with the scheme {@code limpet}. */
  static Settings listed(List<Backend> backends) {
    Settings settings = settings("limpet://" + POOL);
    for (int i = 0; i < backends.size(); i++) {
      settings.pool("backends[" + i + "].id", backends.get(i).id());
      settings.pool("backends[" + i + "].address", backends.get(i).authority());
    }
    return settings;
  }

  /** A gateway with the scheme {@code lb}, the filter, and a registry of these backends. */
  static Settings discovered(List<Backend> backends) {
    Settings settings = settings("lb://" + POOL).filters("Limpet");
    String instances = "spring.cloud.discovery.client.simple.instances." + POOL;
    for (int i = 0; i < backends.size(); i++) {
      settings.with(instances + "[" + i + "].instanceId", backends.get(i).id());
      settings.with(instances + "[" + i + "].uri", "http://" + backends.get(i).authority());
    }
    return settings;
  }

  private static Settings settings(String uri) {
    return new Settings()
        .with("server.port", 0)
        .with("server.address", "127.0.0.1")
        .with("server.shutdown", "immediate")
        .with("spring.reactor.netty.shutdown-quiet-period", "0s")
        .with("logging.level.root", "off")
        .with("spring.main.allow-bean-definition-overriding", true)
        .with("spring.cloud.gateway.server.webflux.httpclient.connect-timeout", 500)
        .with(ROUTE + "id", POOL)
        .with(ROUTE + "uri", uri)
        .with(ROUTE + "predicates[0]", "Path=/**");
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  Pool pool() {
    return Objects.requireNonNull(context.getBean(LimpetPools.class).pool(POOL));
  }

  ConfigurableApplicationContext context() {
    return context;
  }

  @Override
  public void close() {
    context.close();
  }
}
