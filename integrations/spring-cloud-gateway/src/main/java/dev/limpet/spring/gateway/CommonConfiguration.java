package dev.limpet.spring.gateway;

import dev.limpet.core.Environment;
import dev.limpet.redis.RedisLink;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the gateways of both servers need. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimpetProperties.class)
class CommonConfiguration {

  /** The secret and the clocks. Define a bean of this type to have others. */
  @Bean
  @ConditionalOnMissingBean
  Environment limpetEnvironment(LimpetProperties properties) {
    return Secrets.environment(properties);
  }

  @Bean
  LimpetPools limpetPools(StickyPools<?, ?> pools) {
    return new LimpetPools(pools);
  }

  /** Tables on Redis, if its module is there. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(RedisLink.class)
  static class Redis {

    @Bean
    @ConditionalOnMissingBean(SharedTables.class)
    SharedTables limpetSharedTables() {
      return new RedisTables();
    }
  }
}
