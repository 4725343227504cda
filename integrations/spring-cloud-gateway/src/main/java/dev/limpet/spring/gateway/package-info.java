/**
 * Sticky sessions in Spring Cloud Gateway by configuration: the route filter {@code Limpet}, the
 * scheme {@code limpet://} and the properties {@code limpet.*}.
 *
 * <pre>{@code
 * spring.cloud.gateway.server.webflux.routes:
 *   - id: shop
 *     uri: lb://shop
 *     predicates: [ "Path=/**" ]
 *     filters: [ Limpet ]
 * }</pre>
 */
@NullMarked
package dev.limpet.spring.gateway;

import org.jspecify.annotations.NullMarked;
