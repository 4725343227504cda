package dev.limpet.examples.gateway;

import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l7.HttpAffinity;

/**
 * An affinity that was replaced, but whose tokens clients still have.
 *
 * @param kind the same for affinities that read the same tokens
 * @param sticky its settings
 * @param affinity reads its tokens
 * @param until when it stops placing sessions, in nanoseconds of the environment's clock
 */
record Predecessor<Q, S>(
    String kind, StickyConfig sticky, HttpAffinity<Q, S> affinity, long until) {}
