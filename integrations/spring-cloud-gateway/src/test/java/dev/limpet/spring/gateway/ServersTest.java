package dev.limpet.spring.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;

/** Each server gets what is its own, also if the other one is not on the class path. */
class ServersTest {
  private static final FilteredClassLoader NO_WEB_FLUX = new FilteredClassLoader(
      "org.springframework.cloud.gateway.filter",
      "org.springframework.cloud.gateway.config",
      "org.springframework.cloud.gateway.support",
      "org.springframework.web.reactive",
      "reactor.netty",
      "io.netty");
  private static final FilteredClassLoader NO_WEB_MVC = new FilteredClassLoader(
      "org.springframework.cloud.gateway.server.mvc",
      "org.springframework.web.servlet",
      "org.apache.catalina",
      "jakarta.servlet");
  private static final AutoConfigurations ALL = AutoConfigurations.of(
      LimpetAutoConfiguration.class,
      LimpetWebMvcAutoConfiguration.class,
      LimpetEndpointAutoConfiguration.class);

  private final WebApplicationContextRunner servlets =
      new WebApplicationContextRunner().withConfiguration(ALL);
  private final ReactiveWebApplicationContextRunner webFlux =
      new ReactiveWebApplicationContextRunner().withConfiguration(ALL);

  @Test
  void servlets_getWebMvcOnly() {
    servlets.run(context -> assertThat(context)
        .hasNotFailed()
        .hasSingleBean(WebMvcRouting.class)
        .doesNotHaveBean(StickyRouting.class));
    servlets
        .withClassLoader(NO_WEB_FLUX)
        .run(context -> assertThat(context)
            .hasNotFailed()
            .hasSingleBean(WebMvcRouting.class)
            .hasSingleBean(LimpetPools.class));
  }

  @Test
  void webFlux_getsItsOwnOnly() {
    webFlux.run(context -> assertThat(context)
        .hasNotFailed()
        .hasSingleBean(StickyRouting.class)
        .doesNotHaveBean(WebMvcRouting.class));
    webFlux
        .withClassLoader(NO_WEB_MVC)
        .run(context -> assertThat(context)
            .hasNotFailed()
            .hasSingleBean(StickyRouting.class)
            .hasSingleBean(LimpetPools.class));
  }

  @Test
  void servletsWithoutTheGateway_getNothing() {
    servlets
        .withClassLoader(new FilteredClassLoader("org.springframework.cloud.gateway.server.mvc"))
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StickyPools.class));
    servlets
        .withPropertyValues("spring.cloud.gateway.server.webmvc.enabled=false")
        .run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(StickyPools.class));
  }

  @Test
  void wrongNames_failTheStartOfServlets() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LimpetFilterFunctions.limpet("no name"))
        .withMessage("pool: no name (expected: 1..64 of A-Za-z0-9._-)");
    servlets.run(context -> {
      RouteProperties route = new RouteProperties();
      route.setUri(URI.create("limpet:shop"));
      assertThatIllegalStateException()
          .isThrownBy(
              () -> new WebMvcSchemes.Limpet(context.getBean(WebMvcRouting.class)).apply(route))
          .withMessage("uri: limpet:shop (expected: the name of a host)");
    });
  }

  @Test
  void wrongProperties_failTheStartOfServlets() {
    servlets
        .withPropertyValues("limpet.pools.web.sticky-session.duration=366d")
        .run(context -> assertThat(context)
            .getFailure()
            .rootCause()
            .hasMessageContaining("limpet.pools.web.sticky-session.duration: 366d"));
  }
}
