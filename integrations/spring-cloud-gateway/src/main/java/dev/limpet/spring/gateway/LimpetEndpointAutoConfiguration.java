package dev.limpet.spring.gateway;

import java.util.regex.Pattern;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Configures the endpoint {@code limpet}, and hides secrets in the actuator's other endpoints. */
@AutoConfiguration(after = {LimpetAutoConfiguration.class, LimpetWebMvcAutoConfiguration.class})
@ConditionalOnClass({WebEndpoint.class, ConditionalOnAvailableEndpoint.class})
@ConditionalOnBean(StickyPools.class)
public final class LimpetEndpointAutoConfiguration {
  private static final Pattern SECRETS = Pattern.compile(
      "limpet[._](key[-_]?secret|cookie[-_]?keys.*|pools[._\\[].*shared[-_]?table[._]redis)",
      Pattern.CASE_INSENSITIVE);

  /** Makes the configuration. Spring calls this. */
  public LimpetEndpointAutoConfiguration() {}

  @Bean
  @ConditionalOnAvailableEndpoint
  LimpetEndpoint limpetEndpoint(StickyPools<?, ?> pools) {
    return new LimpetEndpoint(pools);
  }

  @Bean
  static SanitizingFunction limpetSanitizingFunction() {
    return data -> SECRETS.matcher(data.getKey()).matches() ? data.withSanitizedValue() : data;
  }
}
