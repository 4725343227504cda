package dev.limpet.core;

/**
 * Makes the table of an affinity from its declared stickiness. Embedders may implement it, for
 * example by a lambda expression.
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
   * @param session the declared stickiness
   * @param environment the affinity's secret and clocks
   * @return the table; several affinities may share one
   * @throws IllegalArgumentException if the table does not support such sessions
   */
  StickyTable table(StickySession session, Environment environment);
}
