package dev.limpet.core;

/** Where a {@link Decision} stands: done, or something is to be bound first. */
sealed interface Step permits Route, Proposal, Restore {}
