package dev.limpet.testkit;

/** What a proxy does with what its backend sends in a {@link WireTrial}. */
public enum WireFinding {
  /** The client gets it, and then its own answer if it was an interim response. */
  PASSED_ON,
  /** The client gets an interim response, and no other. */
  TAKEN_FOR_THE_ANSWER,
  /** The client gets its own answer, and nothing else does harm. */
  DROPPED,
  /** The client gets an error of the proxy. */
  REFUSED,
  /** The client's connection is closed before it has an answer. */
  CUT_OFF,
  /** The client gets no answer in time. */
  SILENCE,
  /** Another client's request fails. */
  DISTURBS_ANOTHER_CLIENT,
  /** Another client gets it as the answer to its own request. */
  REACHES_ANOTHER_CLIENT
}
