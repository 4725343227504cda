/**
 * Session affinity by load balancer cookies, application cookies and header fields.
 *
 * <p>Start with {@link dev.limpet.l7.HttpRouter} and an {@link dev.limpet.l7.LbCookieAffinity}, an
 * {@link dev.limpet.l7.AppCookieAffinity} or a {@link dev.limpet.l7.HeaderAffinity}. Implement
 * {@link dev.limpet.l7.HttpAccess} for the requests and responses of your proxy. Each request has
 * two phases: {@code route} before it is sent, and {@code onResponse} when its response arrives.
 */
@NullMarked
package dev.limpet.l7;

import org.jspecify.annotations.NullMarked;
