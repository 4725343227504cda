package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import dev.limpet.core.table.SaveableTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a cookie that the application sets. A session is bound when a backend sets the
 * cookie, and unbound when a backend deletes it, so clients cannot create bindings with invented
 * values. If a value is not in the table, for example after a restart, its session falls back to
 * hashing and still stays on one backend. Safe for use by many threads at once.
 *
 * <p>Cookies are forwarded unchanged in both directions. Values are stored only as keys of a {@link
 * KeyHasher}.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class AppCookieAffinity<Q, S> extends FieldAffinity<Q, S> {
  private final Messages<Q, S> messages;
  private final Environment environment;
  private final StickySession session;
  private final AppCookie cookie;
  private final StickyTable table;
  private final LearnedTable learned;
  private final ResponseCounts counts = new ResponseCounts();
  private final CookieLearner learner;

  private AppCookieAffinity(Builder<Q, S> builder, StickySession session, String cookieName) {
    this.messages = new Messages<>(builder.access);
    this.environment = builder.environment;
    this.session = session;
    this.cookie = new AppCookie(cookieName, environment.hasher());
    this.table = requireNonNull(builder.table.table(session, environment), "table");
    this.learned = new LearnedTable(table);
    this.learner =
        new CookieLearner(cookie, table, session.mode(), environment.wallClock(), counts);
  }

  /**
   * {@return a builder of an affinity}
   *
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> Builder<Q, S> builder(HttpAccess<Q, S> access) {
    return new Builder<>(requireNonNull(access, "access"));
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    return recall(messages.cookies(request), pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    return peek(messages.cookies(request), pool);
  }

  /** {@return the key of the first value that the table knows, or else of the first value} */
  @Override
  public long key(Q request) {
    return key(messages.cookies(request));
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return recall(exchange.cookies(), pool);
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return peek(exchange.cookies(), pool);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return key(exchange.cookies());
  }

  /** {@return the key of the first value} */
  @Override
  public long tableKey(Q request) {
    return tableKey(messages.cookies(request));
  }

  @Override
  long tableKey(StickyExchange<Q, S> exchange) {
    return tableKey(exchange.cookies());
  }

  private long tableKey(List<String> cookies) {
    long at = cookie.first(cookies);
    return (at == CookieScan.NONE) ? KeyExtractor.NONE : cookie.key(cookies, at);
  }

  private Recall recall(List<String> cookies, PoolSnapshot pool) {
    Recall unknown = Recall.none(Reason.NO_KEY);
    for (long at = cookie.first(cookies); at != CookieScan.NONE; at = cookie.next(cookies, at)) {
      String name = table.lookup(cookie.key(cookies, at));
      if (name != null) {
        return Recall.of(name, pool);
      }
      unknown = Recall.hashed(Reason.UNKNOWN);
    }
    return unknown;
  }

  private Recall peek(List<String> cookies, PoolSnapshot pool) {
    long key = key(cookies);
    if (key == KeyExtractor.NONE) {
      return Recall.none(Reason.NO_KEY);
    }
    String name = table.peek(key);
    return (name == null) ? Recall.hashed(Reason.UNKNOWN) : Recall.of(name, pool);
  }

  private long key(List<String> cookies) {
    long at = cookie.first(cookies);
    if (at == CookieScan.NONE) {
      return KeyExtractor.NONE;
    }
    long first = cookie.key(cookies, at);
    long next = cookie.next(cookies, at);
    return (next == CookieScan.NONE || table.peek(first) != null)
        ? first
        : known(cookies, next, first);
  }

  /** {@return the first key from an index on that the table knows, or else another key} */
  private long known(List<String> cookies, long from, long other) {
    for (long at = from; at != CookieScan.NONE; at = cookie.next(cookies, at)) {
      long key = cookie.key(cookies, at);
      if (table.peek(key) != null) {
        return key;
      }
    }
    return other;
  }

  /**
   * Binds only a session that is already bound; others are bound by a backend's response. If other
   * processes share the table, it is asked for the session in the background, so that the next
   * request finds it.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return learned.bind(key, expected, candidate, byHash);
  }

  /** Binds as {@link #bind} does, and waits for the result of the shared table. */
  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return learned.bindAsync(key, expected, candidate, byHash);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
  }

  @Override
  public StickyTable table() {
    return table;
  }

  @Override
  public boolean learns() {
    return true;
  }

  @Override
  public Remaining remaining(String name) {
    return Remaining.of(table.bindings(name), session);
  }

  /**
   * Saves the live bindings, as {@link SaveableTable#save} does.
   *
   * @param file the file to write; replaced if it exists
   * @throws IOException if the file cannot be written, or the table is not a {@link SaveableTable}
   */
  public void save(Path file) throws IOException {
    SaveableTable.of(table)
        .orElseThrow(() -> new IOException(notSaveable()))
        .save(file, environment);
  }

  /**
   * Restores bindings, as {@link SaveableTable#restore} does. Call this before requests are routed.
   *
   * @param file a file that {@link #save} of an affinity with the same secret wrote; see {@link
   *     Builder#environment}
   * @return the result; nothing changes if the file cannot be read or was not written by {@link
   *     #save} with this secret, or if the table is not a {@link SaveableTable}
   */
  public Restored restore(Path file) {
    return SaveableTable.of(table)
        .map(saveable -> saveable.restore(file, environment))
        .orElseGet(() -> Restored.refused(notSaveable()));
  }

  private String notSaveable() {
    return "table: " + table.getClass().getName() + " (expected: a SaveableTable)";
  }

  @Override
  public Environment environment() {
    return environment;
  }

  @Override
  public StickySession session() {
    return session;
  }

  @Override
  public HttpAccess<Q, S> access() {
    return messages.access();
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    List<SetCookieField> fields = setCookies(response);
    if (!fields.isEmpty()) {
      hear(fields, messages.cookies(request), route);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    List<SetCookieField> fields = setCookies(response);
    if (!fields.isEmpty()) {
      hear(fields, exchange.cookies(), route);
    }
  }

  private void hear(List<SetCookieField> fields, List<String> cookies, Route route) {
    learner.hear(fields, cookies, key(cookies), route);
  }

  @Override
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    List<SetCookieField> fields = setCookies(response);
    return fields.isEmpty() ? DONE : hearAsync(fields, messages.cookies(request), route);
  }

  @Override
  CompletionStage<Void> onResponseAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    List<SetCookieField> fields = setCookies(response);
    return fields.isEmpty() ? DONE : hearAsync(fields, exchange.cookies(), route);
  }

  private CompletionStage<Void> hearAsync(
      List<SetCookieField> fields, List<String> cookies, Route route) {
    return learner.hearAsync(fields, cookies, key(cookies), route);
  }

  private List<SetCookieField> setCookies(S response) {
    return SetCookieField.all(messages.fields(response, SetCookieField.NAME), cookie.name());
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

  /** {@return the cookie's name, without its values} */
  @Override
  public String toString() {
    return "AppCookieAffinity[" + cookie.name() + "]";
  }

  /**
   * Builds an {@link AppCookieAffinity}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static final class Builder<Q, S> {
    private final HttpAccess<Q, S> access;
    private @Nullable StickySession session;
    private Environment environment = Environment.local();
    private TableFactory table = (declared, environment) ->
        CompactStickyTable.of(declared, KeyAffinity.DEFAULT_CAPACITY, environment.clock());

    private Builder(HttpAccess<Q, S> access) {
      this.access = access;
    }

    /**
     * Declares the stickiness. There is no default, because the cookie's name is required.
     *
     * @param session the stickiness, such as {@link StickySession#appCookie}
     * @return this builder
     */
    public Builder<Q, S> session(StickySession session) {
      this.session = requireNonNull(session, "session");
      return this;
    }

    /**
     * Sets the secret that makes keys, and the clocks. The table gets them too. The wall clock
     * determines whether a cookie's {@code Expires} is in the past. Default {@link
     * Environment#local}. Proxies that must make the same rendezvous choices, and tables that are
     * saved, need an environment with a secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<Q, S> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets the table. Default: a {@link CompactStickyTable} of {@link KeyAffinity#DEFAULT_CAPACITY}
     * sessions.
     *
     * @param table makes the table; called once, by {@link #build}
     * @return this builder
     */
    public Builder<Q, S> table(TableFactory table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * {@return a new affinity}
     *
     * @throws IllegalArgumentException if the type is not application cookie, the cookie's name is
     *     missing or invalid, or the table cannot be made
     */
    public AppCookieAffinity<Q, S> build() {
      StickySession declared =
          (session != null) ? session : StickySession.of(StickySession.Type.APP_COOKIE);
      String name = declared.cookieName();
      Faults faults = new Faults();
      if (declared.type() != StickySession.Type.APP_COOKIE) {
        faults.add("type", declared.type(), StickySession.Type.APP_COOKIE.toString());
      }
      if (name == null) {
        faults.add("cookieName", "absent", "the application's cookie");
      } else {
        CookieName.check(name, faults);
      }
      faults.refuse();
      return new AppCookieAffinity<>(this, declared, requireNonNull(name));
    }
  }
}
