package dev.limpet.examples.gateway.operate;

import dev.limpet.core.Drained;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A drain of a backend.
 *
 * @param pool the pool
 * @param backend the backend's id
 * @param begun when it began
 * @param deadline when the operator is told what is left; null for no deadline
 * @param sessions the sessions that are left; null if they are not counted
 * @param connections the connections that are left
 * @param longest when the last session expires if none is used again; null if unknown
 * @param result how it ended; null while it is in progress
 */
public record Draining(
    String pool,
    String backend,
    Instant begun,
    @Nullable Instant deadline,
    @Nullable Long sessions,
    int connections,
    @Nullable Instant longest,
    Drained.@Nullable Result result) {}
