package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
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
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a cookie that the application makes. A session is bound when a backend sets the
 * cookie, and unbound when a backend deletes it; a client that invents values binds nothing. A
 * value that is not in the table, as after a restart, is served by its weighted rendezvous choice,
 * so that its session does not scatter. Safe for use by many threads at once.
 *
 * <p>Cookies reach backends and clients as they are. Values are kept as keys of a {@link KeyHasher}
 * only.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class AppCookieAffinity<Q, S> implements HttpAffinity<Q, S> {
  private final Messages<Q, S> messages;
  private final Environment environment;
  private final StickySession session;
  private final AppCookie cookie;
  private final StickyTable table;
  private final ResponseCounts counts = new ResponseCounts();
  private final CookieLearner learner;

  private AppCookieAffinity(Builder<Q, S> builder, StickySession session, String cookieName) {
    this.messages = new Messages<>(builder.access);
    this.environment = builder.environment;
    this.session = session;
    this.cookie = new AppCookie(cookieName, environment.hasher());
    this.table = requireNonNull(builder.table.table(session, environment), "table");
    this.learner = new CookieLearner(cookie, table, environment.wallClock(), counts);
  }

  /**
   * {@return a builder}
   *
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  public static <Q, S> Builder<Q, S> builder(HttpAccess<Q, S> access) {
    return new Builder<>(requireNonNull(access, "access"));
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    List<String> cookies = messages.cookies(request);
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

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    long key = key(request);
    if (key == KeyExtractor.NONE) {
      return Recall.none(Reason.NO_KEY);
    }
    String name = table.peek(key);
    return (name == null) ? Recall.hashed(Reason.UNKNOWN) : Recall.of(name, pool);
  }

  /** The first value that the table knows, or else the first value. */
  @Override
  public long key(Q request) {
    List<String> cookies = messages.cookies(request);
    long first = cookie.first(cookies);
    for (long at = first; at != CookieScan.NONE; at = cookie.next(cookies, at)) {
      long key = cookie.key(cookies, at);
      if (table.peek(key) != null) {
        return key;
      }
    }
    return (first == CookieScan.NONE) ? KeyExtractor.NONE : cookie.key(cookies, first);
  }

  /**
   * Binds again what is bound; what is not is bound by a backend's response only. A table that
   * others share is asked for it in the background, so that the session's next request finds it.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    if (expected != null) {
      return table.bind(key, expected, candidate, byHash);
    }
    CompletionStage<Bound> unused = table.findAsync(key);
    return Bound.NOT_KEPT;
  }

  /** Binds as {@link #bind} does, and waits for what the table finds. */
  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return (expected != null)
        ? table.bindAsync(key, expected, candidate, byHash)
        : table
            .findAsync(key)
            .thenApply(found -> found.equals(Bound.ABSENT) ? Bound.NOT_KEPT : found);
  }

  @Override
  public boolean unbind(long key, String expected) {
    return table.unbind(key, expected);
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
   * @param file where to; replaced if it is there
   * @throws IOException if the file cannot be written, or the table is no {@link SaveableTable}
   */
  public void save(Path file) throws IOException {
    SaveableTable.of(table)
        .orElseThrow(() -> new IOException(notSaveable()))
        .save(file, environment);
  }

  /**
   * Restores what was saved, as {@link SaveableTable#restore} does. Call this before requests are
   * routed.
   *
   * @param file what {@link #save} of an affinity with the same secret wrote; see {@link
   *     Builder#environment}
   * @return what was restored; a file that cannot be read, or was not written so, changes nothing,
   *     and neither does one for a table that is no {@link SaveableTable}
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
    Backend backend = route.backend();
    List<SetCookieField> fields =
        SetCookieField.all(messages.fields(response, SetCookieField.NAME), cookie.name());
    if (backend != null && !fields.isEmpty()) {
      learner.hear(fields, messages.cookies(request), key(request), backend.name());
    }
  }

  @Override
  public ResponseStats responseStats() {
    return counts.stats();
  }

  /** {@return the cookie's name; nothing of its values} */
  @Override
  public String toString() {
    return "AppCookieAffinity[" + cookie.name() + "]";
  }

  /**
   * Settings of an {@link AppCookieAffinity}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
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
     * Declares how sessions stick; there is no default, as the cookie's name must be given.
     *
     * @param session such as {@link StickySession#appCookie}
     * @return this builder
     */
    public Builder<Q, S> session(StickySession session) {
      this.session = requireNonNull(session, "session");
      return this;
    }

    /**
     * Sets the secret that keys are made with, and the clocks; the table gets it too. The wall
     * clock tells whether a cookie's {@code Expires} is past. Default {@link Environment#local}:
     * proxies that are to make the same rendezvous choices, and tables that are saved, need an
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
     * {@return the affinity}
     *
     * @throws IllegalArgumentException if the session is not of an app cookie with a name, or the
     *     table cannot be made
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
