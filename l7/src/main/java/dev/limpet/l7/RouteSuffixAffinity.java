package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Recall;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.internal.HttpToken;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by the route that the application appends to its session ids, such as {@code
 * JSESSIONID=0A1B2C.node7}. Tomcat calls it the {@code jvmRoute}. Each backend must be configured
 * with its own route. Proxies store nothing, so they agree with each other and sessions survive a
 * restart. Safe for use by many threads at once.
 *
 * <p>The id ends at the first separator, and the rest is the route. Both must be there, or the
 * request belongs to no session. First, the whole rest is looked up; if no backend has that route,
 * and there is another separator, the part before it is. With {@link Builder#ranked}, the rest is a
 * list of routes, best first. Routes are compared exactly; upper and lower case differ.
 *
 * <p>Ids are read from path parameters, as in {@code /cart;jsessionid=0A1B2C.node7?page=2}, and
 * then from cookies. A path parameter's value ends at {@code ;}, {@code /} or {@code ?}. A cookie's
 * value may be in quotes. If there are several ids, the first one whose route is known counts; at
 * most eight of each kind are tried. Ids of more than 4,096 characters, or with control characters,
 * are ignored.
 *
 * <p>If a route belongs to no backend of the pool, the session is {@linkplain Recall#hashed served
 * by the rendezvous choice} of its id, regardless of the {@link Failover}, until the application
 * changes the route. If its backend is down or at capacity, the failover decides. It is {@link
 * Failover#LEND} unless the router sets another one, because only the application can move the
 * session: with {@link Failover#MOVE}, nothing is stored either, and the outcome is {@code MOVED}
 * for every request until the application changes the route.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class RouteSuffixAffinity<Q, S> extends FieldAffinity<Q, S> {
  private final Messages<Q, S> messages;
  private final StickySession session = StickySession.custom();
  private final Environment environment;
  private final SuffixReader reader;
  private final SuffixRoutes routes;
  private final boolean appendsRoute;
  private final ResponseCounts counts = new ResponseCounts();
  private final SetCookieMarker marker;
  private final char separator;

  private RouteSuffixAffinity(Builder<Q, S> builder) {
    this.messages = new Messages<>(builder.access);
    this.environment = builder.environment;
    this.separator = builder.separator;
    this.routes =
        new SuffixRoutes(builder.separator, builder.ranked, builder.routes, environment.hasher());
    this.reader =
        new SuffixReader(builder.cookieName, builder.pathParameter, builder.cookieFirst, routes);
    this.appendsRoute = builder.appendRoute;
    this.marker = new SetCookieMarker(builder.cookieName, environment.wallClock(), counts);
  }

  /**
   * {@return a builder of an affinity}
   *
   * @param access reads the embedder's requests and responses; to read path parameters, it must
   *     implement {@link HttpAccess#target}
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> Builder<Q, S> builder(HttpAccess<Q, S> access) {
    return new Builder<>(requireNonNull(access, "access"));
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    return reader.recall(target(request), messages.cookies(request), pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    return recall(request, pool);
  }

  /** {@return the key of the session's id, without its route} */
  @Override
  public long key(Q request) {
    return reader.key(target(request), messages.cookies(request));
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return reader.recall(target(exchange), exchange.cookies(), pool);
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return recall(exchange, pool);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return reader.key(target(exchange), exchange.cookies());
  }

  private String target(Q request) {
    return (reader.pathParameter() == null) ? "" : messages.target(request);
  }

  /** {@return the target of an exchange's request; it is read only once} */
  private String target(StickyExchange<Q, S> exchange) {
    String known = (String) exchange.remembered(this);
    if (known != null) {
      return known;
    }
    String target = target(exchange.request());
    exchange.remember(this, target);
    return target;
  }

  /**
   * Stores nothing. A session whose route is unknown falls back to hashing; another one may be
   * served by the candidate.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return (expected == null) ? Bound.NOT_KEPT : Bound.stored(candidate);
  }

  /** Always returns false, because the application keeps the binding. */
  @Override
  public boolean unbind(long key, String expected) {
    return false;
  }

  /** {@return true, because the application's responses begin sessions} */
  @Override
  public boolean learns() {
    return true;
  }

  /** {@return {@link Failover#LEND}} */
  @Override
  public Failover failover() {
    return Failover.LEND;
  }

  @Override
  public StickySession session() {
    return session;
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public HttpAccess<Q, S> access() {
    return messages.access();
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    Backend backend = route.backend();
    if (appendsRoute && backend != null) {
      appendRoute(backend, response);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    onResponse(exchange.request(), route, response);
  }

  private void appendRoute(Backend backend, S response) {
    List<String> fields = messages.fields(response, SetCookieField.NAME);
    List<String> marked =
        marker.mark(fields, (text, from, to) -> withRoute(text, from, to, backend));
    if (!marked.equals(fields)) {
      messages.setFields(response, SetCookieField.NAME, marked);
    }
  }

  private @Nullable String withRoute(String text, int from, int to, Backend backend) {
    if (routes.hasSeparator(text, from, to)) {
      return null;
    }
    String route = routes.route(backend);
    if (route == null || !isCookieText(route)) {
      counts.unmarked.increment();
      return null;
    }
    return text.substring(from, to) + separator + route;
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return Map.of();
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    return Map.of();
  }

  @Override
  public ResponseStats responseStats() {
    return counts.stats();
  }

  @Override
  public Supplier<ResponseStats> responses() {
    return counts::stats;
  }

  /** {@return the names of the cookie and the path parameter, without their values} */
  @Override
  public String toString() {
    String parameter = reader.pathParameter();
    return "RouteSuffixAffinity[" + reader.cookie() + (parameter == null ? "" : ", ;" + parameter)
        + ']';
  }

  /** Returns whether a text can be part of a cookie's value (RFC 6265, section 4.1.1). */
  private static boolean isCookieText(String text) {
    return text.chars().allMatch(RouteSuffixAffinity::isCookieOctet);
  }

  private static boolean isCookieOctet(int c) {
    return c > ' ' && c <= '~' && "\",;\\".indexOf(c) < 0;
  }

  /**
   * Builds a {@link RouteSuffixAffinity}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static final class Builder<Q, S> {
    private static final String SEPARATORS = ".!~-_:";

    private final HttpAccess<Q, S> access;
    private String cookieName = "JSESSIONID";
    private @Nullable String pathParameter = "jsessionid";
    private boolean cookieFirst;
    private char separator = '.';
    private boolean ranked;
    private @Nullable Map<String, String> routes;
    private boolean appendRoute;
    private Environment environment = Environment.local();

    private Builder(HttpAccess<Q, S> access) {
      this.access = access;
    }

    /**
     * Sets the name of the application's session cookie. Default {@code JSESSIONID}.
     *
     * @param name the name, in its exact case
     * @return this builder
     */
    public Builder<Q, S> cookieName(String name) {
      this.cookieName = requireNonNull(name, "name");
      return this;
    }

    /**
     * Sets the name of the path parameter that has the session id of clients without cookies.
     * Default {@code jsessionid}.
     *
     * @param name the name, in its exact case; null if path parameters are not read
     * @return this builder
     */
    public Builder<Q, S> pathParameter(@Nullable String name) {
      this.pathParameter = name;
      return this;
    }

    /**
     * Sets whether cookies are tried before path parameters. Default false, as in httpd and mod_jk.
     *
     * @param cookieFirst true to try cookies first
     * @return this builder
     */
    public Builder<Q, S> cookieFirst(boolean cookieFirst) {
      this.cookieFirst = cookieFirst;
      return this;
    }

    /**
     * Sets the character between the id and its route. Default {@code .}. It must not be part of
     * ids.
     *
     * @param separator one of {@code . ! ~ - _ :}
     * @return this builder
     */
    public Builder<Q, S> separator(char separator) {
      this.separator = separator;
      return this;
    }

    /**
     * Sets whether an id may have several routes with separators between them, best first, as in
     * {@code 0A1B2C.node7.node2}. The first one whose backend is not down counts. Empty routes are
     * skipped, and at most 16 are tried. Routes must not contain the separator. Default false.
     *
     * @param ranked true if ids have several routes
     * @return this builder
     */
    public Builder<Q, S> ranked(boolean ranked) {
      this.ranked = ranked;
      return this;
    }

    /**
     * Sets the routes of the backends. A backend that is not in the map has no route. Default: each
     * backend's {@link Backend#id} is its route.
     *
     * @param routes the backends' ids by their routes; each id at most once
     * @return this builder
     */
    public Builder<Q, S> routes(Map<String, String> routes) {
      this.routes = Map.copyOf(requireNonNull(routes, "routes"));
      return this;
    }

    /**
     * Sets whether a session cookie that a response sets without a separator gets the route of the
     * backend that set it. Default false. The route is not removed from requests, so use this only
     * if the application ignores it; otherwise use a {@link PrefixCookieAffinity}. A cookie is left
     * as it is if it has a separator, if the response deletes it, or if it would be longer than
     * 4,096 characters with its name.
     *
     * @param appendRoute true to append routes
     * @return this builder
     */
    public Builder<Q, S> appendRoute(boolean appendRoute) {
      this.appendRoute = appendRoute;
      return this;
    }

    /**
     * Sets the secret from which the keys of sessions are made, and the wall clock. Default {@link
     * Environment#local}. Proxies that must make the same choices for unknown routes need an
     * environment with a secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<Q, S> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * {@return a new affinity}
     *
     * @throws IllegalArgumentException if a setting is invalid, or settings contradict each other;
     *     the message names all faults
     */
    public RouteSuffixAffinity<Q, S> build() {
      Faults faults = new Faults();
      CookieName.check(cookieName, faults);
      checkPathParameter(faults);
      checkSeparator(faults);
      checkRoutes(faults);
      faults.refuse();
      return new RouteSuffixAffinity<>(this);
    }

    private void checkPathParameter(Faults faults) {
      String name = pathParameter;
      if (name != null && (name.isEmpty() || HttpToken.firstIllegal(name) >= 0)) {
        faults.addText("pathParameter", name, HttpToken.rule(name));
      }
    }

    private void checkSeparator(Faults faults) {
      if (SEPARATORS.indexOf(separator) < 0) {
        faults.addText("separator", String.valueOf(separator), "one of . ! ~ - _ :");
      }
    }

    private void checkRoutes(Faults faults) {
      if (routes == null) {
        return;
      }
      Set<String> ids = new HashSet<>();
      routes.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entry -> {
        checkRoute(entry.getKey(), faults);
        if (!ids.add(entry.getValue())) {
          faults.addText("routes", entry.getValue(), "each backend's id at most once");
        }
      });
    }

    private void checkRoute(String route, Faults faults) {
      if (route.isEmpty() || !isCookieText(route)) {
        faults.addText("routes", route, "printable ASCII without space, '\"', ',', ';' and '\\'");
      } else if (ranked && route.indexOf(separator) >= 0) {
        faults.addText("routes", route, "routes without the separator, because they are ranked");
      }
    }
  }
}
