package dev.limpet.examples.gateway.admin;

import io.netty.handler.codec.http.HttpResponseStatus;

/** A request cannot be served, and its answer says why. */
final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Reply reply;

  ProblemException(Reply reply) {
    super(reply.status().toString(), null, false, false);
    this.reply = reply;
  }

  ProblemException(HttpResponseStatus status, String title) {
    this(Problem.of(status, title));
  }

  /** Returns the answer. */
  Reply reply() {
    return reply;
  }
}
