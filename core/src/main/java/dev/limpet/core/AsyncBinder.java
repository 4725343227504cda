package dev.limpet.core;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Binds sessions at a place that takes time to answer. Called by many threads at once. */
public interface AsyncBinder {

  /**
   * Binds a session as {@link Affinity#bind} does, in the end.
   *
   * @param key the session's key
   * @param expected the name that it is bound to as far as is known here, or null
   * @param candidate the name to bind the session to
   * @param byHash whether the candidate is the rendezvous choice of the key
   * @return what happened; {@link Bound.Status#UNAVAILABLE} where nobody answered. Never completes exceptionally
   */
  CompletionStage<Bound> bind(
      long key, @Nullable String expected, String candidate, boolean byHash);
}
