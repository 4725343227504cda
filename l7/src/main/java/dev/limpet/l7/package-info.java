/** Affinity by load balancer cookie and by application cookie. */
@NullMarked
package dev.limpet.l7;

import org.jspecify.annotations.NullMarked;
