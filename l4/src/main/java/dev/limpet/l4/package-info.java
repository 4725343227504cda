/**
 * Keeps the connections of one client address on one backend.
 *
 * <p>Start at {@link dev.limpet.l4.SourceIpAffinity}. Where the address is one key of several,
 * {@link dev.limpet.l4.SourceIp} is the part of it that finds the key.
 *
 * <p>Nothing here looks up a name or opens a connection.
 */
@NullMarked
package dev.limpet.l4;

import org.jspecify.annotations.NullMarked;
