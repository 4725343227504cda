package dev.limpet.examples.gateway.backend;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Hears the answer to one request, on the event loop of the backend's connection. After {@link
 * #ended} or {@link #lost} it hears nothing more, except {@link #drained} and {@link #bodyRefused}
 * while the request's body is still being sent.
 */
public interface AnswerListener {

  /**
   * An interim response has come.
   *
   * @param head of status 100..199, without 101
   */
  void interim(HttpResponse head);

  /**
   * The backend speaks another protocol from now on, as it was asked to. Call {@link
   * BackendConnection#tunnel} at once.
   *
   * @param head of status 101
   */
  void switched(HttpResponse head);

  /** The head of the final response has come. */
  void began(HttpResponse head);

  /**
   * A piece of the body has come.
   *
   * @param piece to be released by the listener
   */
  void continued(ByteBuf piece);

  /** Everything that has arrived so far has been told. */
  void paused();

  /**
   * The response is complete. The connection has been given back or closed, unless the request's
   * body is still being sent.
   *
   * @param last the last piece of the body, to be released by the listener, and the trailers
   */
  void ended(LastHttpContent last);

  /** The connection takes more of the body. */
  void drained();

  /**
   * The response is complete or about to end, and the backend takes no more of the request's body.
   */
  void bodyRefused();

  /**
   * The connection was closed, or the answer cannot be read.
   *
   * @param heard whether any byte of an answer had come
   */
  void lost(boolean heard);
}
