package dev.limpet.core;

/**
 * Makes the table of an affinity, from what the affinity was declared to be. Embedders may
 * implement it, such as by a lambda expression.
 *
 * <pre>{@code
 * KeyAffinity.builder(extractor)
 *     .table((session, environment) ->
 *         CaffeineStickyTable.of(session, 100_000, environment.clock()))
 * }</pre>
 */
@FunctionalInterface
public interface TableFactory {

  /**
   * Returns the table. Called once, when the affinity is built.
   *
   * @param session how sessions stick
   * @param environment the affinity's secret and clocks
   * @return the table; it may be one that other affinities use
   * @throws IllegalArgumentException if the table cannot keep such sessions
   */
  StickyTable table(StickySession session, Environment environment);
}
