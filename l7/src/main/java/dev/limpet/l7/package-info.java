/**
 * Affinity by load balancer cookie and by application cookie.
 *
 * <p>Start at {@link dev.limpet.l7.HttpRouter}, with an {@link dev.limpet.l7.LbCookieAffinity} or
 * an {@link dev.limpet.l7.AppCookieAffinity}, and tell it by an {@link dev.limpet.l7.HttpAccess}
 * how your own requests and responses are read. Every request has two phases: {@code route} before
 * it is sent, {@code onResponse} when its response arrives.
 */
@NullMarked
package dev.limpet.l7;

import org.jspecify.annotations.NullMarked;
