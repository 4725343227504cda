package dev.limpet.spring.gateway;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.gateway.server.mvc.common.MvcUtils;
import org.springframework.cloud.gateway.server.mvc.common.Shortcut;
import org.springframework.cloud.gateway.server.mvc.filter.FilterSupplier;
import org.springframework.web.servlet.function.HandlerFilterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * The filter {@code Limpet} of Spring Cloud Gateway for WebMVC, which gives a route sticky
 * sessions.
 *
 * <pre>{@code
 * filters: [ Limpet ]        # the pool has the name of the service
 * filters: [ Limpet=shop ]   # the pool is named, for its settings below limpet.pools.shop
 * }</pre>
 *
 * <p>A route in Java has no URI. Its filter names the pool, and takes the place of {@code lb}:
 *
 * <pre>{@code
 * route("shop").route(path("/**"), http()).filter(limpet("shop")).build();
 * }</pre>
 */
public final class LimpetFilterFunctions {
  private static final String LIMPET = "limpet";

  private LimpetFilterFunctions() {}

  /**
   * {@return the filter of a route of the properties whose URI is {@code lb://} and the name of a
   * service, or {@code limpet://} and the name of a pool} The pool has that name.
   */
  public static HandlerFilterFunction<ServerResponse, ServerResponse> limpet() {
    return filter(null);
  }

  /**
   * {@return the filter of a route with a named pool} In a route in Java, the pool follows the
   * service of the same name, unless the properties list its backends.
   *
   * @param pool the name of the pool, 1..64 of A-Za-z0-9._-
   * @throws IllegalArgumentException if the name is not as expected
   */
  @Shortcut
  public static HandlerFilterFunction<ServerResponse, ServerResponse> limpet(String pool) {
    return filter(StickyPools.checkName(pool));
  }

  private static HandlerFilterFunction<ServerResponse, ServerResponse> filter(
      @Nullable String pool) {
    return (request, next) -> MvcUtils.getApplicationContext(request)
        .getBean(WebMvcRouting.class)
        .route(request, next, pool);
  }

  /** Publishes the filter for routes of the properties. */
  static final class Supplier implements FilterSupplier {
    @Override
    public Collection<Method> get() {
      return Stream.of(LimpetFilterFunctions.class.getMethods())
          .filter(method -> method.getName().equals(LIMPET))
          .toList();
    }
  }
}
