/**
 * Keeps the connections of one client address on one backend.
 *
 * <p>Start at {@link dev.limpet.l4.SourceIpAffinity}. If the address is only one of several
 * possible keys, use {@link dev.limpet.l4.SourceIp}, which finds the key.
 *
 * <p>Nothing in this package looks up a name or opens a connection.
 */
@NullMarked
package dev.limpet.l4;

import org.jspecify.annotations.NullMarked;
