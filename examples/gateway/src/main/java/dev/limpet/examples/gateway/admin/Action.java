package dev.limpet.examples.gateway.admin;

/** Answers one kind of request. */
@FunctionalInterface
interface Action {
  /**
   * Answers a request. May block.
   *
   * @throws ProblemException if the request cannot be served
   */
  Reply answer(Call call);
}
