package dev.limpet.examples.gateway;

import static java.util.Objects.requireNonNull;

import dev.limpet.examples.gateway.config.StickyConfig;
import dev.limpet.l7.HttpAffinity;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An owner of sessions at one moment: a pool or, in the profile classic, a listener. Immutable.
 *
 * @param sticky how the sessions stick; null if they do not
 * @param affinities the affinities of HTTP listeners, without their predecessors
 * @param before the predecessors of these affinities, the latest first
 * @param tokens what tokens have bound in the table
 * @param routers the routers
 */
record Owner(
    @Nullable StickyConfig sticky,
    Map<String, HttpAffinity<HttpServerRequest, HttpServerResponse>> affinities,
    Map<String, List<Predecessor<HttpServerRequest, HttpServerResponse>>> before,
    TokenBindings tokens,
    OwnerRouters routers) {

  /** The maximum number of earlier types whose tokens are still read. */
  static final int MAX_PREDECESSORS = 2;

  /** Copies the maps. */
  Owner {
    affinities = Collections.unmodifiableMap(new LinkedHashMap<>(affinities));
    before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
  }

  /** Returns whether a quota may have rejected sessions. */
  boolean hasQuota() {
    return sticky != null && sticky.quota() != null;
  }

  /**
   * Returns the affinities that the next affinity of a listener replaces, the latest first and each
   * kind once. These are this owner's affinity, if clients have its tokens, and its predecessors.
   *
   * @param listener an HTTP listener
   * @param now the time of the environment's clock, in nanoseconds
   */
  List<Predecessor<HttpServerRequest, HttpServerResponse>> predecessors(String listener, long now) {
    List<Predecessor<HttpServerRequest, HttpServerResponse>> all = new ArrayList<>();
    if (sticky != null && StickyKinds.hasTokens(sticky)) {
      var affinity = requireNonNull(affinities.get(listener), listener);
      all.add(new Predecessor<>(
          OwnerBuilder.kind(sticky, affinity),
          sticky,
          affinity,
          now + sticky.session().duration().toNanos()));
    }
    all.addAll(before.getOrDefault(listener, List.of()));
    Set<String> kinds = new HashSet<>();
    return all.stream().filter(predecessor -> kinds.add(predecessor.kind())).toList();
  }
}
