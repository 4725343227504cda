package dev.limpet.l7;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the session ids with routes in the path parameters and cookies of a request. Immutable.
 *
 * @param pathParameter the name of the path parameter; null if absent
 * @param cookieFirst whether cookies are tried before path parameters
 */
record SuffixReader(
    String cookie, @Nullable String pathParameter, boolean cookieFirst, SuffixRoutes routes) {

  /** The maximum number of path parameters of a request that are tried. */
  static final int MAX_PARAMETERS = CookieScan.MAX_VALUES;

  /**
   * {@return the recall of the first session whose route is known, or else of the first session}
   */
  Recall recall(String target, List<String> cookies, PoolSnapshot pool) {
    Recall first = recall(cookieFirst, target, cookies, pool);
    return (first.member() != null)
        ? first
        : firstKnown(first, recall(!cookieFirst, target, cookies, pool));
  }

  /** {@return the key of the session that {@link #recall} found} */
  long key(String target, List<String> cookies) {
    long known = key(target, cookies, true);
    return (known != KeyExtractor.NONE) ? known : key(target, cookies, false);
  }

  private long key(String target, List<String> cookies, boolean known) {
    long first = key(cookieFirst, target, cookies, known);
    return (first != KeyExtractor.NONE) ? first : key(!cookieFirst, target, cookies, known);
  }

  private static Recall firstKnown(Recall first, Recall next) {
    return (next.member() != null || first.reason() == Reason.NO_KEY) ? next : first;
  }

  private Recall recall(boolean byCookie, String target, List<String> cookies, PoolSnapshot pool) {
    return byCookie ? recall(cookies, pool) : recall(target, pool);
  }

  private Recall recall(List<String> cookies, PoolSnapshot pool) {
    Recall found = Recall.none(Reason.NO_KEY);
    long at = next(cookies, CookieScan.START);
    while (at != CookieScan.NONE && found.member() == null) {
      String field = CookieScan.field(cookies, at);
      found = firstKnown(
          found,
          routes.recall(
              field, CookieScan.unquotedFrom(field, at), CookieScan.unquotedTo(field, at), pool));
      at = next(cookies, at);
    }
    return found;
  }

  private Recall recall(String target, PoolSnapshot pool) {
    Recall found = Recall.none(Reason.NO_KEY);
    long at = next(target, PathParameter.START);
    for (int i = 0; i < MAX_PARAMETERS && at != PathParameter.NONE && found.member() == null; i++) {
      int from = PathParameter.from(at);
      found = firstKnown(found, routes.recall(target, from, PathParameter.to(at), pool));
      at = next(target, at);
    }
    return found;
  }

  private long key(boolean byCookie, String target, List<String> cookies, boolean known) {
    return byCookie ? key(cookies, known) : key(target, known);
  }

  private long key(List<String> cookies, boolean known) {
    long key = KeyExtractor.NONE;
    long at = next(cookies, CookieScan.START);
    while (at != CookieScan.NONE && key == KeyExtractor.NONE) {
      String field = CookieScan.field(cookies, at);
      key = key(field, CookieScan.unquotedFrom(field, at), CookieScan.unquotedTo(field, at), known);
      at = next(cookies, at);
    }
    return key;
  }

  private long key(String target, boolean known) {
    long key = KeyExtractor.NONE;
    long at = next(target, PathParameter.START);
    for (int i = 0;
        i < MAX_PARAMETERS && at != PathParameter.NONE && key == KeyExtractor.NONE;
        i++) {
      key = key(target, PathParameter.from(at), PathParameter.to(at), known);
      at = next(target, at);
    }
    return key;
  }

  private long key(String text, int from, int to, boolean known) {
    return known ? routes.keyOfKnown(text, from, to) : routes.key(text, from, to);
  }

  private long next(List<String> cookies, long after) {
    return CookieScan.nextNotEmpty(cookies, cookie, after);
  }

  private long next(String target, long after) {
    return (pathParameter == null)
        ? PathParameter.NONE
        : PathParameter.next(target, pathParameter, after);
  }
}
