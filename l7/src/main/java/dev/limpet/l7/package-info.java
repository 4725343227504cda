/**
 * Session affinity by load balancer cookies and by application cookies.
 *
 * <p>Start with {@link dev.limpet.l7.HttpRouter} and an {@link dev.limpet.l7.LbCookieAffinity} or
 * an {@link dev.limpet.l7.AppCookieAffinity}. Implement {@link dev.limpet.l7.HttpAccess} for the
 * requests and responses of your proxy. Each request has two phases: {@code route} before it is
 * sent, and {@code onResponse} when its response arrives.
 */
@NullMarked
package dev.limpet.l7;

import org.jspecify.annotations.NullMarked;
