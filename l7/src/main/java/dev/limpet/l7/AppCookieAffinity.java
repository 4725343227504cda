package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.KeyHasher;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.table.CompactStickyTable;
import dev.limpet.core.table.Restored;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a cookie that the application makes. A session is bound when a backend sets the cookie, and
 * unbound when a backend deletes it; a client that invents values binds nothing. A value that is not in the
 * table, as after a restart, is served by its weighted rendezvous choice, so that its session does not
 * scatter. Safe for use by many threads at once.
 *
 * <p>Cookies reach backends and clients as they are. Values are kept as keys of a {@link KeyHasher} only.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class AppCookieAffinity<Q, S> implements HttpAffinity<Q, S> {
  private final CookieAccess<Q, S> access;
  private final StickySession session;
  private final AppCookie cookie;
  private final StickyTable table;
  private final InstantSource clock;
  private final ResponseCounts counts = new ResponseCounts();
  private final CookieLearner learner;

  private AppCookieAffinity(Builder<Q, S> builder, String cookieName) {
    this.access = builder.access;
    this.session = builder.session;
    this.cookie = new AppCookie(cookieName, builder.hasher);
    this.table = requireNonNull(builder.table.apply(session), "table");
    this.clock = builder.clock;
    this.learner = new CookieLearner(cookie, table, clock, counts);
  }

  /**
   * {@return a builder}
   *
   * @param access reads the embedder's requests and responses
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  public static <Q, S> Builder<Q, S> builder(CookieAccess<Q, S> access) {
    return new Builder<>(requireNonNull(access, "access"));
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    List<String> cookies = access.cookies(request);
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
    List<String> cookies = access.cookies(request);
    long first = cookie.first(cookies);
    for (long at = first; at != CookieScan.NONE; at = cookie.next(cookies, at)) {
      long key = cookie.key(cookies, at);
      if (table.peek(key) != null) {
        return key;
      }
    }
    return (first == CookieScan.NONE) ? KeyExtractor.NONE : cookie.key(cookies, first);
  }

  /** Binds again what is bound; what is not is bound by a backend's response only. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return (expected == null) ? Bound.NOT_KEPT : table.bind(key, expected, candidate, byHash);
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
   * Saves the live bindings, as {@link CompactStickyTable#save} does.
   *
   * @param file where to; replaced if it is there
   * @throws IOException if the file cannot be written
   * @throws UnsupportedOperationException if the table is no {@link CompactStickyTable}
   */
  public void save(Path file) throws IOException {
    SavedTable.of(table).save(file, cookie.hasher(), clock);
  }

  /**
   * Restores what was saved, as {@link CompactStickyTable#restore} does. To be called before requests are routed.
   *
   * @param file what {@link #save} of an affinity with the same secret wrote; see {@link Builder#hasher}
   * @return what was restored; a file that cannot be read, or was not written so, changes nothing
   * @throws UnsupportedOperationException if the table is no {@link CompactStickyTable}
   */
  public Restored restore(Path file) {
    return SavedTable.of(table).restore(file, cookie.hasher(), clock);
  }

  @Override
  public StickySession session() {
    return session;
  }

  @Override
  public CookieAccess<Q, S> access() {
    return access;
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    Backend backend = route.backend();
    List<SetCookieField> fields =
        SetCookieField.all(access.fields(response, SetCookieField.NAME), cookie.name());
    if (backend != null && !fields.isEmpty()) {
      learner.hear(fields, access.cookies(request), key(request), backend.name());
    }
  }

  @Override
  public List<String> cookiesToBackend(Q request) {
    return access.cookies(request);
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
    private final CookieAccess<Q, S> access;
    private StickySession session = new StickySession(
        StickySession.Type.APP_COOKIE,
        StickySession.DEFAULT_DURATION,
        StickySession.Mode.SLIDING,
        null,
        null);
    private KeyHasher hasher = KeyHasher.random();
    private InstantSource clock = InstantSource.system();
    private Function<StickySession, StickyTable> table =
        declared -> CompactStickyTable.of(declared, KeyAffinity.DEFAULT_CAPACITY);

    private Builder(CookieAccess<Q, S> access) {
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
     * Sets what makes the keys. Default: a hasher of its own with a random secret. Proxies that are to make
     * the same rendezvous choices need hashers of the same secret.
     *
     * @param hasher makes the keys
     * @return this builder
     */
    public Builder<Q, S> hasher(KeyHasher hasher) {
      this.hasher = requireNonNull(hasher, "hasher");
      return this;
    }

    /**
     * Sets the table. Default: a {@link CompactStickyTable} of {@link KeyAffinity#DEFAULT_CAPACITY} sessions.
     *
     * @param table makes the table of the declared durations; called once, by {@link #build}
     * @return this builder
     */
    public Builder<Q, S> table(Function<StickySession, StickyTable> table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * Sets the wall clock, which tells whether a cookie's {@code Expires} is past, and how old a saved table is.
     * Default: the system's.
     *
     * @param clock the time
     * @return this builder
     */
    public Builder<Q, S> clock(InstantSource clock) {
      this.clock = requireNonNull(clock, "clock");
      return this;
    }

    /**
     * {@return the affinity}
     *
     * @throws IllegalArgumentException if the session is not of an app cookie with a name, or the table
     *     cannot be made
     */
    public AppCookieAffinity<Q, S> build() {
      Faults faults = new Faults();
      if (session.type() != StickySession.Type.APP_COOKIE) {
        faults.add("type", session.type(), StickySession.Type.APP_COOKIE.toString());
      }
      String name = session.cookieName();
      if (name == null) {
        faults.add("cookieName", "absent", "the application's cookie");
      } else {
        CookieName.check(name, faults);
      }
      faults.refuse();
      return new AppCookieAffinity<>(this, requireNonNull(name));
    }
  }
}
