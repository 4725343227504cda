package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.Failover;
import dev.limpet.core.Fault;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a prefix before the value of the application's own cookie, as HAProxy's {@code cookie
 * prefix}. Clients get no additional cookie, and proxies store nothing. Safe for use by many
 * threads at once.
 *
 * <p>If a response sets the cookie to {@code V}, the client gets {@code <token>~V}. The token
 * refers to the backend that responded, and is authenticated like an LB cookie. When the cookie
 * comes back, the request is routed by the token, and {@link #fieldsToBackend} removes the prefix,
 * so the backend receives {@code V}. Quotes stay outside the whole: {@code "V"} becomes {@code
 * "<token>~V"}. The cookie's attributes, and every other octet, stay as they are. Deletions get no
 * prefix (an empty value, {@code Max-Age=0} or an {@code Expires} in the past).
 *
 * <p>A value without a genuine prefix goes to the backend as it came and belongs to no session. So
 * keep an old key in the ring as long as clients may have cookies with it: without the key, their
 * prefixes are not removed. A prefix is also removed after it has expired or its backend has left
 * the pool; in that case, the session is served by the rendezvous choice of {@code V} until the
 * application sets the cookie again. At most eight cookies of the name are read.
 *
 * <p>A session's prefix changes only if the application sets the cookie. So the suggested failover
 * is {@link Failover#LEND}. With {@link Failover#MOVE}, nothing is stored either.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class PrefixCookieAffinity<Q, S> extends FieldAffinity<Q, S> {
  /** No LB cookie has this in its name, so tokens of the two are not valid for each other. */
  private static final String TOKEN_PURPOSE = "prefix ";

  private final Pool pool;
  private final Messages<Q, S> messages;
  private final StickySession session;
  private final Environment environment;
  private final String cookieName;
  private final boolean encrypted;
  private final TokenLife life;
  private final LastTokens last;
  private final ResponseCounts counts = new ResponseCounts();
  private final SetCookieMarker marker;
  private volatile PrefixReader reader;

  private PrefixCookieAffinity(Builder<Q, S> builder) {
    this.pool = builder.pool;
    this.messages = new Messages<>(builder.access);
    this.session =
        StickySession.custom().withDuration(builder.duration).withMode(StickySession.Mode.ABSOLUTE);
    this.environment = builder.environment;
    this.cookieName = builder.cookieName;
    this.encrypted = builder.encrypted;
    this.life = new TokenLife(
        session, TokenLife.defaultThreshold(builder.duration), environment.wallClock());
    this.last = new LastTokens(life);
    this.marker = new SetCookieMarker(cookieName, environment.wallClock(), counts);
    this.reader = reader(builder.keys());
  }

  /**
   * {@return a builder of an affinity}
   *
   * @param pool the backends; prefixes are valid only for a pool of this name
   * @param access reads and changes the embedder's requests and responses
   * @param cookieName the name of the application's session cookie
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> Builder<Q, S> builder(
      Pool pool, HttpAccess<Q, S> access, String cookieName) {
    return new Builder<>(
        requireNonNull(pool, "pool"),
        requireNonNull(access, "access"),
        requireNonNull(cookieName, "cookieName"));
  }

  /**
   * Replaces the keys, for all requests that begin later.
   *
   * @param keys the new ring; prefixes that it cannot verify are no longer removed
   */
  public void rotate(CookieKeys keys) {
    reader = reader(requireNonNull(keys, "keys"));
  }

  @Override
  public Recall recall(Q request, PoolSnapshot members) {
    return recall(messages.cookies(request), members);
  }

  @Override
  public Recall peek(Q request, PoolSnapshot members) {
    return peek(messages.cookies(request), members);
  }

  /** {@return the key of the application's value, without the prefix} */
  @Override
  public long key(Q request) {
    return reader.key(messages.cookies(request), environment.hasher());
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return recall(exchange.cookies(), members);
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return peek(exchange.cookies(), members);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return reader.key(exchange.cookies(), environment.hasher());
  }

  private Recall recall(List<String> cookies, PoolSnapshot members) {
    Recall recall = peek(cookies, members);
    if (recall.reason() == Reason.NO_KEY && reader.hasForm(cookies)) {
      counts.foreignCookies.increment();
    }
    return recall;
  }

  private Recall peek(List<String> cookies, PoolSnapshot members) {
    PrefixReader now = reader;
    long second = life.now();
    Recall unknown = Recall.none(Reason.NO_KEY);
    long at = now.next(cookies, CookieScan.START);
    for (; at != CookieScan.NONE; at = now.next(cookies, at)) {
      LbToken token = now.token(cookies, at, second);
      Reason fault = (token == null) ? null : life.fault(token, second);
      if (token != null && fault == null) {
        return recall(now.ring().index(token, members), token);
      }
      unknown = (fault != null && !unknown.byHash()) ? Recall.hashed(fault) : unknown;
    }
    return unknown;
  }

  private Recall recall(TagIndex index, LbToken token) {
    Member member = index.member(token.tag());
    if (member != null) {
      return member.recall();
    }
    if (index.isAmbiguous(token.tag())) {
      counts.ambiguousTags.increment();
    }
    return Recall.none(Reason.BACKEND_GONE);
  }

  /**
   * Stores nothing. A session whose prefix has expired, or whose backend is gone, falls back to
   * hashing; another one may be served by the candidate.
   */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    return (expected == null) ? Bound.NOT_KEPT : Bound.stored(candidate);
  }

  /** Always returns false, because the client keeps the binding. */
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

  /**
   * {@return the longest time for which clients may still have valid prefixes of a backend; they
   * cannot be counted} This includes prefixes that this affinity made, and those that an earlier
   * process may have made before it, but not those of other proxies.
   *
   * @param name the backend's name
   */
  @Override
  public Remaining remaining(String name) {
    return last.remaining(name);
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
    if (backend != null) {
      addPrefixes(backend.name(), response);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    onResponse(exchange.request(), route, response);
  }

  private void addPrefixes(String backend, S response) {
    PrefixReader now = reader;
    List<String> fields = messages.fields(response, SetCookieField.NAME);
    List<String> marked =
        marker.mark(fields, (text, from, to) -> withPrefix(now, text, from, to, backend));
    if (!marked.equals(fields)) {
      messages.setFields(response, SetCookieField.NAME, marked);
    }
  }

  /** Returns the value with a new prefix, in place of one that the backend has echoed. */
  private String withPrefix(PrefixReader now, String text, int from, int to, String backend) {
    LbToken token = now.ring().begun(backend, pool.snapshot());
    last.add(backend, token);
    return token.encoded()
        + PrefixReader.DELIMITER
        + text.substring(now.valueStart(text, from, to), to);
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return fieldsToBackend(request, messages.cookies(request));
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    List<String> stripped = reader.strip(cookies);
    return stripped.equals(cookies) ? Map.of() : Map.of(Messages.COOKIE, stripped);
  }

  /** Accepts only this affinity's pool, because its prefixes refer to that pool's backends. */
  @Override
  public void checkPool(Pool routed) {
    OwnPool.check(pool, routed);
  }

  @Override
  public ResponseStats responseStats() {
    return counts.stats();
  }

  @Override
  public Supplier<ResponseStats> responses() {
    return counts::stats;
  }

  /** {@return the cookie's name and the pool's, without the keys} */
  @Override
  public String toString() {
    return "PrefixCookieAffinity[" + cookieName + ", pool " + pool.name() + "]";
  }

  private PrefixReader reader(CookieKeys keys) {
    TokenRing ring = new TokenRing(keys, TOKEN_PURPOSE + cookieName, pool.name(), life, encrypted);
    return new PrefixReader(cookieName, ring, life);
  }

  /**
   * Builds a {@link PrefixCookieAffinity}. Not for use by several threads at once.
   *
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static final class Builder<Q, S> {
    private static final Duration DEFAULT_DURATION = Duration.ofHours(24);
    private static final Duration MIN_DURATION = Duration.ofSeconds(1);

    private final Pool pool;
    private final HttpAccess<Q, S> access;
    private final String cookieName;
    private Duration duration = DEFAULT_DURATION;
    private Environment environment;
    private @Nullable CookieKeys keys;
    private boolean encrypted;

    private Builder(Pool pool, HttpAccess<Q, S> access, String cookieName) {
      this.pool = pool;
      this.access = access;
      this.cookieName = cookieName;
      this.environment = pool.environment();
    }

    /**
     * Sets how long a prefix is valid after the application has set the cookie. Default 24 hours.
     * The duration is absolute: uses of the session do not extend it, because the application's
     * cookie is not set again just to renew the prefix.
     *
     * @param duration one second to 365 days, in whole seconds
     * @return this builder
     */
    public Builder<Q, S> duration(Duration duration) {
      this.duration = requireNonNull(duration, "duration");
      return this;
    }

    /**
     * Sets the keys that authenticate prefixes. Default {@link CookieKeys#of} the environment.
     *
     * @param keys the ring
     * @return this builder
     */
    public Builder<Q, S> keys(CookieKeys keys) {
      this.keys = requireNonNull(keys, "keys");
      return this;
    }

    /**
     * Sets the secret that makes prefixes and the keys of sessions, and the wall clock. Default:
     * the pool's. Proxies that must accept each other's prefixes need the same secret. Their clocks
     * may differ by 60 seconds.
     *
     * @param environment the secret and the clocks
     * @return this builder
     */
    public Builder<Q, S> environment(Environment environment) {
      this.environment = requireNonNull(environment, "environment");
      return this;
    }

    /**
     * Sets whether prefixes are encrypted (AES-256-GCM) instead of only signed. Default false. Both
     * kinds are always accepted. {@link LbCookieAffinityBuilder#encrypted} says what a signed one
     * reveals, and how many one key may encrypt.
     *
     * @param encrypted true to encrypt prefixes
     * @return this builder
     */
    public Builder<Q, S> encrypted(boolean encrypted) {
      this.encrypted = encrypted;
      return this;
    }

    /**
     * {@return a new affinity}
     *
     * @throws IllegalArgumentException if a setting is invalid; the message names all faults
     */
    public PrefixCookieAffinity<Q, S> build() {
      Faults faults = new Faults();
      CookieName.check(cookieName, faults);
      checkDuration(faults);
      faults.refuse();
      return new PrefixCookieAffinity<>(this);
    }

    private void checkDuration(Faults faults) {
      if (duration.compareTo(MIN_DURATION) < 0
          || duration.compareTo(StickySession.MAX_DURATION) > 0
          || !duration.equals(duration.truncatedTo(ChronoUnit.SECONDS))) {
        faults.addAll(List.of(Fault.ofDuration(
            "duration", duration, MIN_DURATION, StickySession.MAX_DURATION, ", in whole seconds")));
      }
    }

    /** {@return the keys that were set, or those that are derived from the environment} */
    private CookieKeys keys() {
      return (keys != null) ? keys : CookieKeys.of(environment);
    }
  }
}
