package dev.limpet.l7;

import dev.limpet.core.Backend;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.Member;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the backends of session ids by the routes after their separators. Safe for use by many
 * threads at once.
 */
final class SuffixRoutes {
  /*
   * A route is found by its keyed hash, so that a part of a field can be looked up without making a
   * text of it, and nobody can choose ids or routes that collide. It is then compared, so that the
   * lookup is exact.
   *
   * A session's key is that of its id, without the route. So the key stays the same if the
   * application changes the route, and all proxies make the same choice for it.
   */

  /** The maximum number of characters of a session id with its route. */
  static final int MAX_LENGTH = 4096;

  /** The maximum number of routes of an id that are tried. */
  static final int MAX_RANKED = 16;

  private static final int NOWHERE = -1;
  private static final char DELETE = 0x7F;
  private static final Recall NO_SESSION = Recall.none(Reason.NO_KEY);
  private static final Recall NO_SUCH_ROUTE = Recall.hashed(Reason.UNKNOWN);

  private final char separator;
  private final boolean ranked;
  private final KeyHasher hasher;
  private final @Nullable Map<String, String> routes; // by ids of backends
  private volatile @Nullable TagIndex index; // a lost update is made again

  /**
   * Makes the routes.
   *
   * @param ranked whether an id has several routes, best first
   * @param backends the ids of backends by their routes; null if each id is its own route
   */
  SuffixRoutes(
      char separator, boolean ranked, @Nullable Map<String, String> backends, KeyHasher hasher) {
    this.separator = separator;
    this.ranked = ranked;
    this.hasher = hasher;
    this.routes = (backends == null) ? null : inverse(backends);
  }

  private static Map<String, String> inverse(Map<String, String> backends) {
    Map<String, String> routes = new HashMap<>();
    backends.forEach((route, id) -> routes.put(id, route));
    return routes;
  }

  /** {@return the recall of the session whose id is a part of a text} */
  Recall recall(String text, int from, int to, PoolSnapshot pool) {
    int split = split(text, from, to);
    if (split == NOWHERE) {
      return NO_SESSION;
    }
    Member member = find(index(pool), text, split + 1, to);
    return (member != null) ? member.recall() : NO_SUCH_ROUTE;
  }

  /** {@return the key of the id in a part of a text; none if it has no id and route} */
  long key(String text, int from, int to) {
    int split = split(text, from, to);
    return (split == NOWHERE) ? KeyExtractor.NONE : hasher.string(text, from, split);
  }

  /** {@return the key of the id in a part of a text; none if its route was unknown last time} */
  long keyOfKnown(String text, int from, int to) {
    TagIndex last = index;
    int split = split(text, from, to);
    boolean known = last != null && split != NOWHERE && find(last, text, split + 1, to) != null;
    return known ? hasher.string(text, from, split) : KeyExtractor.NONE;
  }

  /** {@return the route of a backend; null if it has none} */
  @Nullable
  String route(Backend backend) {
    return (routes == null) ? backend.id() : routes.get(backend.id());
  }

  /** Returns whether a part of a text has a separator, and therefore no room for a route. */
  boolean hasSeparator(String text, int from, int to) {
    return end(text, from, to) < to;
  }

  /** {@return the index of the separator after the id; negative if there is no id with a route} */
  private int split(String text, int from, int to) {
    if (to - from > MAX_LENGTH || hasControls(text, from, to)) {
      return NOWHERE;
    }
    int split = end(text, from, to);
    return (split > from && split + 1 < to) ? split : NOWHERE;
  }

  private @Nullable Member find(TagIndex members, String text, int from, int to) {
    return ranked ? ranked(members, text, from, to) : single(members, text, from, to);
  }

  private @Nullable Member single(TagIndex members, String text, int from, int to) {
    Member whole = member(members, text, from, to);
    return (whole != null) ? whole : member(members, text, from, end(text, from, to));
  }

  /** {@return the first member that can serve, or else the first one} */
  private @Nullable Member ranked(TagIndex members, String text, int from, int to) {
    Member first = null;
    int end;
    int tried = 0;
    for (int start = from; start < to && tried < MAX_RANKED; start = end + 1) {
      end = end(text, start, to);
      tried += (end > start) ? 1 : 0;
      Member member = member(members, text, start, end);
      if (member != null && member.acceptsBound()) {
        return member;
      }
      first = (first == null) ? member : first;
    }
    return first;
  }

  private @Nullable Member member(TagIndex members, String text, int from, int to) {
    Member member = (from < to) ? members.member(hasher.string(text, from, to)) : null;
    return (member != null && isRoute(member, text, from, to)) ? member : null;
  }

  private boolean isRoute(Member member, String text, int from, int to) {
    String route = route(member.backend());
    return route != null && route.length() == to - from && text.startsWith(route, from);
  }

  private TagIndex index(PoolSnapshot pool) {
    TagIndex last = index;
    if (last != null && last.isOf(pool)) {
      return last;
    }
    TagIndex next = TagIndex.of(pool, last, name -> tag(pool.member(name)));
    index = next;
    return next;
  }

  /** {@return the hash of a member's route; of one that has none, that of the empty text} */
  private long tag(@Nullable Member member) {
    String route = (member == null) ? null : route(member.backend());
    return hasher.string((route == null) ? "" : route);
  }

  private int end(String text, int from, int to) {
    int i = from;
    while (i < to && text.charAt(i) != separator) {
      i++;
    }
    return i;
  }

  private static boolean hasControls(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) == DELETE) {
        return true;
      }
    }
    return false;
  }
}
