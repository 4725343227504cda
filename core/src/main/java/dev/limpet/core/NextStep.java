package dev.limpet.core;

/** Where a {@link Decision} stands: done, or something is to be bound first. */
sealed interface NextStep permits Route, BindAttempt, Rollback {}
