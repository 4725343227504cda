package dev.limpet.spring.gateway;

import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** The settings of a pool that no property describes. */
final class DefaultProperties {
  static final PoolProperties POOL = new Binder(new MapConfigurationPropertySource(Map.of()))
      .bindOrCreate("pool", PoolProperties.class);

  private DefaultProperties() {}
}
