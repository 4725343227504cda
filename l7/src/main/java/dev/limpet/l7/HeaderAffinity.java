package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Layer;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Profile;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import dev.limpet.core.StickyTable;
import dev.limpet.core.TableFactory;
import dev.limpet.core.WeightedRoundRobin;
import dev.limpet.core.affinity.KeyAffinity;
import dev.limpet.core.internal.HttpToken;
import dev.limpet.core.table.CompactStickyTable;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a header field of requests and responses. Safe for use by many threads at once.
 *
 * <table>
 * <caption>The three kinds</caption>
 * <tr><th></th><th>{@link #learned}</th><th>{@link #sealed}</th><th>{@link #issued}</th></tr>
 * <tr><td>who sets the field</td><td>a backend</td><td>a backend</td><td>the router</td></tr>
 * <tr><td>the client gets</td><td>the backend's id</td><td>a token around the id</td><td>a
 * token</td></tr>
 * <tr><td>the backend gets</td><td>the id</td><td>the id</td><td>nothing</td></tr>
 * <tr><td>the session is stored</td><td>in a table</td><td>in the token</td><td>in the
 * token</td></tr>
 * <tr><td>the session begins with</td><td>a 2xx response with an id</td><td>a 2xx response with an
 * id</td><td>the first request</td></tr>
 * <tr><td>it lasts by default</td><td>30 minutes from its last use</td><td>24 hours from the
 * token's date</td><td>24 hours from its first request</td></tr>
 * <tr><td>an unknown id is</td><td>routed by its hash</td><td>refused</td><td>a new
 * session</td></tr>
 * </table>
 *
 * <p>The id of a backend has up to {@link Builder#maxLength} characters, each in 0x21..0x7E.
 * Several fields with the same value count as one. A value that is empty or longer, has another
 * character, or several different values cannot be used: such a request is refused or, if unknown
 * ids are routed, belongs to no session ({@link dev.limpet.core.Reason#UNUSABLE_KEY}). Values are
 * never truncated. An issued token that cannot be used counts as none.
 *
 * <p>An id is no credential: any client that has it can use its session. {@link Builder#boundTo}
 * binds it to an authenticated client.
 *
 * <p>The router's failover is {@link Failover#MOVE} unless you set another one. With {@link
 * Failover#STRICT} and {@link Unknown#REFUSE}, a session whose backend has left the pool is
 * refused. {@link #statusWithoutBackend} returns the status of a refusal.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 * @see McpAffinity
 */
public final class HeaderAffinity<Q, S> extends FieldAffinity<Q, S> {
  private final HeaderMode<Q, S> mode;

  private HeaderAffinity(HeaderMode<Q, S> mode) {
    this.mode = mode;
  }

  /** What happens to a request whose id is not known. */
  public enum Unknown {
    /** The request is refused. {@link #statusWithoutBackend} is 404. */
    REFUSE,
    /** The request is routed by the hash of its id; nothing is stored. */
    ROUTE
  }

  /**
   * Returns a builder of an affinity by an id that backends set. A 2xx response with an id binds it
   * to the backend that responded, in a table. Both directions are forwarded unchanged.
   *
   * <p>A response does not move an id that is bound to another backend of the pool; {@link
   * ResponseStats#learnConflicts} counts these. An affinity serves one pool.
   *
   * @param access reads the embedder's requests and responses
   * @param name the field's name
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   * @return the builder
   */
  public static <Q, S> Builder<Q, S> learned(HttpAccess<Q, S> access, String name) {
    return new Builder<>(Kind.LEARNED, null, access, name);
  }

  /**
   * Returns a builder of an affinity by an id that backends set and clients never see. In a 2xx
   * response, the id is replaced by an encrypted token that contains it and its backend. In
   * requests, it is restored, byte for byte. So proxies store nothing: those with the same {@link
   * CookieKeys} and pool name accept each other's tokens, and sessions survive a restart.
   *
   * <p>A token cannot be renewed by requests, because the client keeps the one that it got. So the
   * duration counts from the token's date. If a response repeats the id of its request, the id is
   * sealed anew, with a new date. A response that has several ids, or one that cannot be used, is
   * not changed; {@link ResponseStats#unsealed} counts these.
   *
   * <p>A value that is no token of this affinity reaches the backend unchanged if it is routed. A
   * token cannot be ended; {@link HttpRouter#endSession} has no effect on it.
   *
   * @param pool the backends; tokens are valid only for a pool of this name
   * @param access reads and changes the embedder's requests and responses
   * @param name the field's name
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   * @return the builder
   */
  public static <Q, S> Builder<Q, S> sealed(Pool pool, HttpAccess<Q, S> access, String name) {
    return new Builder<>(Kind.SEALED, requireNonNull(pool, "pool"), access, name);
  }

  /**
   * Returns a builder of an affinity by a field that the router itself sets, for clients that keep
   * no cookies. The value is an encrypted token of the backend. It is set in the first response of
   * a session, and whenever the session has moved, except on statuses that {@link Builder#notOn}
   * names. Such a response also gets {@code Cache-Control: private}, as with an LB cookie, so that
   * no shared cache gives it to others.
   *
   * <p>The field is not sent to backends. If a backend sets it, it is removed from the final
   * response. Several different values in a request count as none.
   *
   * @param pool the backends; tokens are valid only for a pool of this name
   * @param access reads and changes the embedder's requests and responses
   * @param name the field's name
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   * @return the builder
   */
  public static <Q, S> Builder<Q, S> issued(Pool pool, HttpAccess<Q, S> access, String name) {
    return new Builder<>(Kind.ISSUED, requireNonNull(pool, "pool"), access, name);
  }

  /** {@return a field's name in the case in which names are compared} */
  static String canonical(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Replaces the keys, for all requests that begin later.
   *
   * @param keys the new ring; sessions whose tokens it can open continue
   * @throws IllegalStateException if the field is learned, because there are no tokens
   */
  public void rotate(CookieKeys keys) {
    requireNonNull(keys, "keys");
    if (!(mode instanceof TokenHeader<Q, S> tokens)) {
      throw new IllegalStateException("keys: unused (expected: a sealed or issued field)");
    }
    tokens.rotate(keys);
  }

  /** {@return the field's name} */
  public String name() {
    return mode.name;
  }

  @Override
  public Recall recall(Q request, PoolSnapshot pool) {
    return mode.recall(request, pool);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot pool) {
    return mode.peek(request, pool);
  }

  @Override
  public long key(Q request) {
    return mode.key(request);
  }

  @Override
  public long tableKey(Q request) {
    return mode.tableKey(request);
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return mode.recall(exchange, pool);
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot pool) {
    return mode.peek(exchange, pool);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return mode.key(exchange);
  }

  @Override
  long tableKey(StickyExchange<Q, S> exchange) {
    return mode.tableKey(exchange);
  }

  /**
   * Binds the session. A learned or sealed id is bound by a response only; the exception is a
   * learned one that is bound already, and moves.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return mode.bind(key, expected, candidate, byHash);
  }

  /** Binds as {@link #bind} does, and waits for the result of the shared table. */
  @Override
  public CompletionStage<Bound> bindAsync(
      long key, @Nullable String expected, String candidate, boolean byHash) {
    return mode.bindAsync(key, expected, candidate, byHash);
  }

  /** Removes the binding from the table; returns false if tokens carry the bindings. */
  @Override
  public boolean unbind(long key, String expected) {
    return mode.unbind(key, expected);
  }

  /** {@return the table of a learned field; null for a sealed or issued one} */
  @Override
  public @Nullable StickyTable table() {
    return mode.table();
  }

  @Override
  public boolean learns() {
    return mode.learns();
  }

  /**
   * {@return the sessions of a backend or, for tokens, the longest time for which clients may still
   * have valid ones, as {@link LbCookieAffinity#remaining} returns it}
   *
   * @param name the backend's name
   */
  @Override
  public Remaining remaining(String name) {
    return mode.remaining(name);
  }

  @Override
  public @Nullable Failover failover() {
    return mode.failover();
  }

  /** {@return true if unknown ids are refused, or this is an {@link McpAffinity}} */
  @Override
  public boolean endsWithBackend() {
    return mode.endsWithBackend();
  }

  @Override
  public StickySession session() {
    return mode.session();
  }

  @Override
  public Environment environment() {
    return mode.environment();
  }

  @Override
  public HttpAccess<Q, S> access() {
    return mode.access();
  }

  /** Checks that the pool is the affinity's own, if it has one. */
  @Override
  public void checkPool(Pool pool) {
    mode.checkPool(pool);
  }

  /**
   * Returns the status of the embedder's own response to a request that has no backend.
   *
   * @param route the last route of the request
   * @return 404 if the request was refused because its session is over: its id is unknown, expired
   *     or invalid, or its backend has left the pool. The client must begin anew. 503 otherwise:
   *     the client may try again with the same id; add {@code Retry-After}
   */
  @Override
  public int statusWithoutBackend(Route route) {
    return mode.statusWithoutBackend(route);
  }

  @Override
  public void onResponse(Q request, Route route, S response) {
    mode.onResponse(request, route, response);
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    mode.onResponse(exchange, route, response);
  }

  @Override
  public CompletionStage<Void> onResponseAsync(Q request, Route route, S response) {
    return mode.onResponseAsync(request, route, response);
  }

  @Override
  CompletionStage<Void> onResponseAsync(StickyExchange<Q, S> exchange, Route route, S response) {
    return mode.onResponseAsync(exchange, route, response);
  }

  /** Removes an issued field from a response; otherwise does nothing. */
  @Override
  public void clear(S response) {
    mode.clear(response);
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return mode.fieldsToBackend(request);
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    return mode.fieldsToBackend(request, cookies);
  }

  @Override
  Map<String, List<String>> fieldsToBackend(StickyExchange<Q, S> exchange, List<String> cookies) {
    return mode.fieldsToBackend(exchange, cookies);
  }

  @Override
  public ResponseStats responseStats() {
    return mode.responseStats();
  }

  @Override
  public Supplier<ResponseStats> responses() {
    return mode.responses();
  }

  /** {@return the field's name and kind, without values and keys} */
  @Override
  public String toString() {
    return mode.toString();
  }

  /** Who sets the field, and where its sessions are stored. */
  private enum Kind {
    LEARNED,
    SEALED,
    ISSUED;

    @Override
    public String toString() {
      return canonical(name());
    }
  }

  /**
   * Builds a {@link HeaderAffinity}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static final class Builder<Q, S> {
    private static final int DEFAULT_MAX_LENGTH = 1_024;
    private static final int SHORTEST = 16;
    private static final int LONGEST = 8_192;
    private static final Duration LEARNED_DURATION = Duration.ofMinutes(30);
    private static final Duration TOKEN_DURATION = Duration.ofHours(24);

    final HttpAccess<Q, S> access;
    final String name;
    boolean isMcp;

    @Nullable
    Function<? super Q, ? extends @Nullable CharSequence> boundTo;

    private final Kind kind;
    private final @Nullable Pool pool;
    private @Nullable StickySession session;
    private @Nullable Environment environment;
    private @Nullable TableFactory table;
    private @Nullable CookieKeys keys;
    private @Nullable Integer maxLength;
    private int @Nullable [] forgetOn;
    private int @Nullable [] notOn;
    private @Nullable Unknown unknown;

    private Builder(Kind kind, @Nullable Pool pool, HttpAccess<Q, S> access, String name) {
      this.kind = kind;
      this.pool = pool;
      this.access = requireNonNull(access, "access");
      this.name = requireNonNull(name, "name");
    }

    /**
     * Declares how sessions stick. Default: sliding, 30 minutes if the field is learned; otherwise
     * absolute, 24 hours.
     *
     * @param session of the type custom; for a sealed or issued field, absolute and in whole
     *     seconds
     * @return this builder
     */
    public Builder<Q, S> session(StickySession session) {
      this.session = requireNonNull(session, "session");
      return this;
    }

    /**
     * Sets the secret that makes keys of sessions and tokens, and the clocks. Default: the pool's
     * or, for a learned field, {@link Environment#local}. Proxies that must make the same hash
     * choices, or accept each other's tokens, need the same secret.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<Q, S> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets the table of a learned field. Default: a {@link CompactStickyTable} of {@link
     * KeyAffinity#DEFAULT_CAPACITY} sessions.
     *
     * @param table makes the table; called once, by {@link #build}
     * @return this builder
     */
    public Builder<Q, S> table(TableFactory table) {
      this.table = requireNonNull(table, "table");
      return this;
    }

    /**
     * Sets the keys that encrypt the tokens of a sealed or issued field. Default {@link
     * CookieKeys#of} the environment. LB cookies may have the same ring.
     *
     * <p>One key may encrypt at most 2<sup>32</sup> tokens on all proxies together.
     *
     * @param keys the ring
     * @return this builder
     */
    public Builder<Q, S> keys(CookieKeys keys) {
      this.keys = requireNonNull(keys, "keys");
      return this;
    }

    /**
     * Sets the maximum length of a backend's id. Default 1,024. A sealed token is longer: 55
     * characters, and 4 for every 3 of the id.
     *
     * @param maxLength 16..8,192 characters
     * @return this builder
     */
    public Builder<Q, S> maxLength(int maxLength) {
      this.maxLength = maxLength;
      return this;
    }

    /**
     * Sets the statuses by which a backend says that it does not know the id of the request. Such a
     * response ends the session of a learned field if it comes from the session's own backend.
     * Default 404. Use an empty list if the backends have 404 for other things too, such as a page
     * that is not found.
     *
     * @param statuses 300..599, or none
     * @return this builder
     */
    public Builder<Q, S> forgetOn(int... statuses) {
      this.forgetOn = statuses.clone();
      return this;
    }

    /**
     * Sets the statuses of responses that never get an issued field. Default: none.
     *
     * @param statuses 100..599
     * @return this builder
     */
    public Builder<Q, S> notOn(int... statuses) {
      this.notOn = statuses.clone();
      return this;
    }

    /**
     * Sets what happens to a request with an unknown id. Default: {@link Unknown#ROUTE} if the
     * field is learned, because the table may be new or full; {@link Unknown#REFUSE} if it is
     * sealed. A table that proxies share requires {@link Unknown#ROUTE}.
     *
     * @param unknown what happens
     * @return this builder
     */
    public Builder<Q, S> unknown(Unknown unknown) {
      this.unknown = requireNonNull(unknown, "unknown");
      return this;
    }

    /**
     * Binds each id to the client that it was set for. The same id from another client is unknown.
     * Default: an id belongs to every client that sends it.
     *
     * @param principal returns the client's name, such as its authenticated user; null if it has
     *     none, which counts as one more client. Called by many threads at once, and possibly
     *     several times for a request
     * @return this builder
     */
    public Builder<Q, S> boundTo(Function<? super Q, ? extends @Nullable CharSequence> principal) {
      this.boundTo = requireNonNull(principal, "principal");
      return this;
    }

    /**
     * {@return a new affinity}
     *
     * @throws IllegalArgumentException if a setting is invalid, or makes no sense for this kind of
     *     field; the message names all faults
     */
    public HeaderAffinity<Q, S> build() {
      Faults faults = new Faults();
      checkName(faults);
      checkSession(faults);
      checkMaxLength(faults);
      checkStatuses("forgetOn", forgetOn, 300, faults);
      checkStatuses("notOn", notOn, 100, faults);
      checkUnused(faults);
      faults.refuse();
      HeaderMode<Q, S> mode = mode();
      checkShared(mode.table(), faults);
      faults.refuse();
      return new HeaderAffinity<>(mode);
    }

    private HeaderMode<Q, S> mode() {
      return switch (kind) {
        case LEARNED -> new LearnedHeader<>(this);
        case SEALED -> new SealedHeader<>(this, requireNonNull(pool));
        case ISSUED -> new IssuedHeader<>(this, requireNonNull(pool));
      };
    }

    private void checkName(Faults faults) {
      if (name.isEmpty() || HttpToken.firstIllegal(name) >= 0) {
        faults.addText("name", name, HttpToken.rule(name));
      }
    }

    private void checkSession(Faults faults) {
      StickySession declared = session();
      if (declared.type() != StickySession.Type.CUSTOM) {
        faults.add("type", declared.type(), StickySession.Type.CUSTOM.toString());
        return;
      }
      faults.addAll(Profile.OPEN.faults(Layer.LAYER_7, new WeightedRoundRobin(), declared));
      if (kind != Kind.LEARNED) {
        checkTokenSession(declared, faults);
      }
    }

    private void checkTokenSession(StickySession declared, Faults faults) {
      if (declared.mode() != StickySession.Mode.ABSOLUTE) {
        String rule = "absolute, because the client keeps its token";
        faults.add(
            "mode",
            declared.mode(),
            (kind == Kind.SEALED) ? rule + "; or HeaderAffinity.learned" : rule);
      }
      Duration duration = declared.duration();
      if (!duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
        faults.add("duration", duration, "whole seconds");
      }
    }

    private void checkMaxLength(Faults faults) {
      if (maxLength() < SHORTEST || maxLength() > LONGEST) {
        faults.add("maxLength", maxLength(), SHORTEST + ".." + LONGEST);
      }
    }

    private static void checkStatuses(
        String setting, int @Nullable [] statuses, int least, Faults faults) {
      for (int status : (statuses == null) ? new int[0] : statuses) {
        if (status < least || status > 599) {
          faults.add(setting, status, least + "..599");
        }
      }
    }

    private void checkUnused(Faults faults) {
      boolean isLearned = kind == Kind.LEARNED;
      boolean isIssued = kind == Kind.ISSUED;
      checkUnused("table", table != null && !isLearned, "HeaderAffinity.learned", faults);
      checkUnused("forgetOn", forgetOn != null && !isLearned, "HeaderAffinity.learned", faults);
      checkUnused("keys", keys != null && isLearned, "HeaderAffinity.sealed or issued", faults);
      checkUnused("notOn", notOn != null && !isIssued, "HeaderAffinity.issued", faults);
      checkUnused("maxLength", maxLength != null && isIssued, "learned or sealed", faults);
      checkUnused("unknown", unknown != null && isIssued, "learned or sealed", faults);
    }

    private void checkUnused(String setting, boolean isUnused, String of, Faults faults) {
      if (isUnused) {
        faults.add(setting, "set", "absent if the field is " + kind + "; or " + of);
      }
    }

    /** One proxy cannot refuse an id that another may know. */
    private void checkShared(@Nullable StickyTable made, Faults faults) {
      if (made != null && made.isShared() && refusesUnknown()) {
        faults.add("unknown", Unknown.REFUSE, "ROUTE with a table that proxies share");
      }
    }

    StickySession session() {
      StickySession declared = session;
      return (declared != null) ? declared : defaultSession();
    }

    private StickySession defaultSession() {
      StickySession custom = StickySession.custom();
      return (kind == Kind.LEARNED)
          ? custom.withDuration(LEARNED_DURATION)
          : custom.withDuration(TOKEN_DURATION).withMode(StickySession.Mode.ABSOLUTE);
    }

    Environment environment() {
      Environment own = environment;
      return (own != null) ? own : (pool != null) ? pool.environment() : Environment.local();
    }

    TableFactory table() {
      TableFactory own = table;
      return (own != null)
          ? own
          : (declared, environment) ->
              CompactStickyTable.of(declared, KeyAffinity.DEFAULT_CAPACITY, environment.clock());
    }

    CookieKeys keys() {
      return (keys != null) ? keys : CookieKeys.of(environment());
    }

    int maxLength() {
      return (maxLength != null) ? maxLength : DEFAULT_MAX_LENGTH;
    }

    BitSet forgetStatuses() {
      return bits((forgetOn != null) ? forgetOn : new int[] {HeaderMode.SESSION_OVER});
    }

    BitSet excludedStatuses() {
      return bits((notOn != null) ? notOn : new int[0]);
    }

    private static BitSet bits(int[] statuses) {
      BitSet bits = new BitSet();
      for (int status : statuses) {
        bits.set(status);
      }
      return bits;
    }

    boolean refusesUnknown() {
      return (unknown != null) ? unknown == Unknown.REFUSE : kind == Kind.SEALED;
    }
  }
}
