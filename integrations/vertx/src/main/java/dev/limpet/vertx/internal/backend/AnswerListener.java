package dev.limpet.vertx.internal.backend;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * Receives the response to one request, on the event loop of the backend's connection. After {@link
 * #ended} or {@link #lost}, it receives nothing more, except {@link #drained} and {@link
 * #bodyRefused} while the request's body is still being sent.
 */
public interface AnswerListener {

  /**
   * Handles an interim response.
   *
   * @param head with a status of 100..199, except 101
   */
  void interim(HttpResponse head);

  /**
   * Handles the switch to another protocol, which the client asked for. Call {@link
   * BackendConnection#tunnel} at once.
   *
   * @param head with the status 101
   */
  void switched(HttpResponse head);

  /** Handles the head of the final response. */
  void began(HttpResponse head);

  /**
   * Handles a piece of the body.
   *
   * @param piece the listener releases it
   */
  void continued(ByteBuf piece);

  /** Handles that the connection has no more data at the moment. */
  void paused();

  /**
   * Handles the end of the response. The connection has been given back or closed, unless the
   * request's body is still being sent.
   *
   * @param last the last piece of the body, which the listener releases, and the trailers
   */
  void ended(LastHttpContent last);

  /** Handles that the connection can take more of the body. */
  void drained();

  /**
   * Handles that the backend takes no more of the request's body. The response is complete or about
   * to end.
   */
  void bodyRefused();

  /**
   * Handles that the connection was closed, or that the response cannot be decoded.
   *
   * @param heard whether any byte of a response had arrived
   */
  void lost(boolean heard);
}
