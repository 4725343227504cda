package dev.limpet.examples.gateway.operate;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The operations of operators on a running gateway. Safe for use by many threads at once. Methods
 * may take some milliseconds, so event loops must not call them.
 */
public interface Operations {
  /** Returns the gateway as it runs now, as one immutable snapshot. */
  Running running();

  /**
   * Calls a function while no change is made, and returns its result. So the function sees no
   * change half applied, not even in the pools and routers. Requests and health checks go on.
   *
   * @param reading the function; takes a few milliseconds at most, because changes wait for it
   */
  <T> T atRest(Function<? super Running, T> reading);

  /**
   * Makes a change and applies it at once, or changes nothing.
   *
   * @param edit the change
   * @param expected the version that the operator has seen; null for any
   * @param who the operator's address, for the audit line
   */
  Change change(Edit edit, @Nullable Long expected, String who);

  /**
   * Returns what a change of stickiness would do to the live bindings. Changes nothing.
   *
   * @param edit the change
   */
  Preview preview(Edit.Stickiness edit);

  /**
   * Returns which types of sticky sessions an owner may have, and the reasons why it may not have
   * the others.
   *
   * @param owner a pool or, in the profile classic, a listener
   * @throws UnknownNameException if there is no such owner
   */
  Choices choices(String owner);

  /** Returns the drains that are in progress, and those that have ended since they were begun. */
  List<Draining> drains();

  /**
   * Returns where the session of a request is bound, step by step. Uses no session, changes nothing
   * and shows no secret.
   *
   * @param request what is known of the request
   * @throws UnknownNameException if there is no such listener
   */
  Trace trace(TracedRequest request);

  /** Returns the last changes, the latest first, each as its audit line. */
  List<String> audit();

  /** Returns the story of the demonstration; null if this gateway has none. */
  @Nullable
  StoryControl story();
}
