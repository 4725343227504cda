package dev.limpet.spring.gateway;

import dev.limpet.spring.gateway.WebMvcRequest.RouteTarget;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.cloud.gateway.server.mvc.config.RouteProperties;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctionDefinition;
import org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * Serves routes with the schemes {@code lb} and {@code limpet}. Spring has a function for each
 * scheme, which it finds by its name.
 */
final class WebMvcSchemes implements BeanPostProcessor {
  /*
   * The filter of Spring's load balancer is the last one of a route, and would choose another
   * instance after the filter Limpet has chosen. It is passed over for such requests.
   */

  private static final String LIMPET = "limpet";
  private static final String LB = "lb";
  private static final String LB_BEAN = "lbHandlerFunctionDefinition";

  @Override
  @SuppressWarnings("unchecked") // Spring calls the bean of this name with routes, too
  public Object postProcessAfterInitialization(Object bean, String name) {
    return (name.equals(LB_BEAN) && bean instanceof Function<?, ?>)
        ? new Lb((Function<RouteProperties, HandlerFunctionDefinition>) bean)
        : bean;
  }

  /**
   * The scheme {@code lb}, with or without the filter Limpet.
   *
   * @param original what Spring does without that filter
   */
  private record Lb(Function<RouteProperties, HandlerFunctionDefinition> original)
      implements Function<RouteProperties, HandlerFunctionDefinition> {

    @Override
    public HandlerFunctionDefinition apply(RouteProperties route) {
      HandlerFunctionDefinition definition = original.apply(route);
      List<HandlerFilterFunction<ServerResponse, ServerResponse>> first = new ArrayList<>();
      first.add(naming(nameOf(route), false));
      first.addAll(definition.lowerPrecedenceFilters());
      return new HandlerFunctionDefinition.Default(
          LB,
          definition.handlerFunction(),
          first,
          definition.higherPrecedenceFilters().stream()
              .map(WebMvcSchemes::unlessRouted)
              .toList());
    }
  }

  /**
   * The scheme {@code limpet}, with or without the filter Limpet.
   *
   * @param routing sends the requests
   */
  record Limpet(WebMvcRouting routing)
      implements Function<RouteProperties, HandlerFunctionDefinition> {

    @Override
    public HandlerFunctionDefinition apply(RouteProperties route) {
      return new HandlerFunctionDefinition.Default(
          LIMPET,
          HandlerFunctions.http(),
          List.of(naming(nameOf(route), true)),
          List.of(unlessRouted((request, next) -> routing.route(request, next, null))));
    }
  }

  private static String nameOf(RouteProperties route) {
    URI uri = route.getUri();
    String name = (uri == null) ? null : uri.getHost();
    if (name == null) {
      throw new IllegalStateException("uri: " + uri + " (expected: the name of a host)");
    }
    return name;
  }

  /** Returns a filter that says what the URI of the route names. */
  private static HandlerFilterFunction<ServerResponse, ServerResponse> naming(
      String name, boolean isListed) {
    RouteTarget target = new RouteTarget(name, isListed);
    return (request, next) -> {
      WebMvcRequest received = WebMvcRequest.of(request);
      if (received == null) {
        return next.handle(request);
      }
      RouteTarget before = received.target();
      received.setTarget(target);
      try {
        return next.handle(request);
      } finally {
        received.setTarget(before);
      }
    };
  }

  private static HandlerFilterFunction<ServerResponse, ServerResponse> unlessRouted(
      HandlerFilterFunction<ServerResponse, ServerResponse> filter) {
    return (request, next) -> {
      WebMvcRequest received = WebMvcRequest.of(request);
      return (received != null && received.isRouting())
          ? next.handle(request)
          : filter.filter(request, next);
    };
  }
}
