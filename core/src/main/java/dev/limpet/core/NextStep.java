package dev.limpet.core;

/** The next step of a {@link Decision}: the final route, or a change of the binding before it. */
sealed interface NextStep permits Route, BindAttempt, Rollback {}
