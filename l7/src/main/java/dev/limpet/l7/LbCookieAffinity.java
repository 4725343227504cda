package dev.limpet.l7;

import static java.util.Objects.requireNonNull;

import dev.limpet.core.Backend;
import dev.limpet.core.Bound;
import dev.limpet.core.Environment;
import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Member;
import dev.limpet.core.Outcome;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import dev.limpet.core.Route;
import dev.limpet.core.StickySession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a cookie that the load balancer sets. The cookie contains the whole binding, so
 * proxies store nothing: those with the same {@link CookieKeys} and pool name accept each other's
 * cookies, and sessions survive a restart. The value is authenticated, does not reveal the
 * backend's name, and expires by the server's clock, not the browser's. Safe for use by many
 * threads at once.
 *
 * <p>The cookie is not sent to backends. If a backend sets a cookie of the same name, it is removed
 * from the final response.
 *
 * @param <Q> the embedder's type of request
 * @param <S> the embedder's type of response
 */
public final class LbCookieAffinity<Q, S> extends FieldAffinity<Q, S> {
  private static final Set<Reason> FOREIGN =
      Collections.unmodifiableSet(EnumSet.of(Reason.MALFORMED, Reason.FORGED, Reason.UNKNOWN_KEY));
  private static final Map<String, List<String>> NO_COOKIES = Map.of(Messages.COOKIE, List.of());
  private static final String DELETION = "; Max-Age=0";

  private final Pool pool;
  private final Messages<Q, S> messages;
  private final StickySession session;
  private final Environment environment;
  private final TokenLife life;
  private final String cookieName;
  private final String attributes;
  private final String secureAttributes;
  private final String deletion;
  private final boolean cacheControl;
  private final boolean encrypted;
  private final ResponseCounts counts = new ResponseCounts();
  private final LastTokens last;
  private volatile TokenRing ring;

  LbCookieAffinity(
      LbCookieAffinityBuilder<Q, S> builder,
      String cookieName,
      CookieAttributes attributes,
      TokenLife life) {
    this.pool = builder.pool;
    this.messages = new Messages<>(builder.access);
    this.session = builder.session;
    this.environment = builder.environment;
    this.life = life;
    this.cookieName = cookieName;
    this.attributes = attributes.toString();
    this.secureAttributes = attributes.asSecure().toString();
    this.deletion = cookieName + '=' + attributes + DELETION;
    this.cacheControl = builder.cacheControl;
    this.encrypted = builder.encrypted;
    this.last = new LastTokens(life);
    this.ring = ring(builder.keys());
  }

  /**
   * {@return a builder of an affinity}
   *
   * @param pool the backends; cookies are valid only for a pool of this name
   * @param access reads and changes the embedder's requests and responses
   * @param <Q> the embedder's type of request
   * @param <S> the embedder's type of response
   */
  public static <Q, S> LbCookieAffinityBuilder<Q, S> builder(Pool pool, HttpAccess<Q, S> access) {
    return new LbCookieAffinityBuilder<>(
        requireNonNull(pool, "pool"), requireNonNull(access, "access"));
  }

  /**
   * Replaces the keys, for all requests that begin later.
   *
   * @param keys the new ring; sessions whose tokens it can verify continue
   */
  public void rotate(CookieKeys keys) {
    ring = ring(requireNonNull(keys, "keys"));
  }

  /** {@return the cookie's name, with its prefix} */
  public String cookieName() {
    return cookieName;
  }

  @Override
  public Recall recall(Q request, PoolSnapshot members) {
    return counted(peek(request, members));
  }

  @Override
  public Recall peek(Q request, PoolSnapshot members) {
    TokenRing now = ring;
    List<String> cookies = messages.cookies(request);
    return recall(now, now.find(cookies), cookies, members);
  }

  @Override
  public long key(Q request) {
    return key(ring.find(messages.cookies(request)));
  }

  @Override
  Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return counted(peek(exchange, members));
  }

  @Override
  Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    TokenRing now = ring;
    return recall(now, token(exchange, now), exchange.cookies(), members);
  }

  @Override
  long key(StickyExchange<Q, S> exchange) {
    return key(token(exchange, ring));
  }

  /** {@return the token in an exchange's cookies; they are searched only once} */
  private @Nullable LbToken token(StickyExchange<?, ?> exchange, TokenRing now) {
    LbToken known = (LbToken) exchange.remembered(now);
    if (known != null) {
      return known;
    }
    LbToken found = now.find(exchange.cookies());
    exchange.remember(now, found);
    return found;
  }

  private Recall recall(
      TokenRing now, @Nullable LbToken token, List<String> cookies, PoolSnapshot members) {
    if (token == null) {
      return Recall.none(now.reason(cookies));
    }
    TagIndex index = now.index(token, members);
    Member member = index.member(token.tag());
    return (member != null) ? member.recall() : gone(index, token);
  }

  private Recall counted(Recall recall) {
    if (recall.reason() != null && FOREIGN.contains(recall.reason())) {
      counts.foreignCookies.increment();
    }
    return recall;
  }

  private long key(@Nullable LbToken token) {
    return (token == null) ? KeyExtractor.NONE : environment.hasher().number(token.session());
  }

  /** Always binds, because the response carries the binding to the client. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    last.addNew(candidate);
    return Bound.stored(candidate);
  }

  /** Always returns false, because the client keeps the binding. */
  @Override
  public boolean unbind(long key, String expected) {
    return false;
  }

  /**
   * {@return the longest time for which clients may still have valid tokens of a backend; tokens
   * cannot be counted} This includes tokens that this affinity made, and those that an earlier
   * process may have made before it, but not those of other proxies. The response to a request that
   * is in flight when the last token expires may contain another one; a drain waits for such
   * requests only in a pool that counts connections.
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
    List<String> received = messages.fields(response, SetCookieField.NAME);
    if (!received.contains(deletion)) {
      LbToken token = answer(ring, messages.cookies(request), null, route);
      answer(request, response, received, token);
    }
  }

  @Override
  void onResponse(StickyExchange<Q, S> exchange, Route route, S response) {
    List<String> received = messages.fields(response, SetCookieField.NAME);
    if (received.isEmpty() && isKept(exchange, route)) {
      return;
    }
    if (!received.contains(deletion)) {
      TokenRing now = ring;
      LbToken known = (LbToken) exchange.remembered(now);
      LbToken token = answer(now, exchange.cookies(), known, route);
      answer(exchange.request(), response, received, token);
    }
  }

  /**
   * Returns whether the client has a token that is correct and needs no refresh with this request.
   */
  private boolean isKept(StickyExchange<Q, S> exchange, Route route) {
    LbToken token = (LbToken) exchange.remembered(ring);
    return route.outcome() == Outcome.KEPT
        && token != null
        && !life.isRefreshDue(token, life.now());
  }

  /** Adds the token, if any, to a response, and removes other cookies of that name. */
  private void answer(Q request, S response, List<String> received, @Nullable LbToken token) {
    List<String> theirs = SetCookieField.without(received, cookieName);
    int foreign = received.size() - theirs.size();
    if (token == null && foreign == 0) {
      return;
    }
    counts.foreignSetCookies.add(foreign);
    if (token == null) {
      messages.setFields(response, SetCookieField.NAME, theirs);
    } else {
      setCookie(response, theirs, token.encoded() + attributes(request));
    }
  }

  @Override
  public void clear(S response) {
    List<String> received = messages.fields(response, SetCookieField.NAME);
    List<String> theirs = SetCookieField.without(received, cookieName);
    setFields(response, theirs, deletion);
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    return fieldsToBackend(request, messages.cookies(request));
  }

  @Override
  Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    List<String> stripped = CookieStripper.strip(cookies, cookieName);
    if (stripped.equals(cookies)) {
      return Map.of();
    }
    return stripped.isEmpty() ? NO_COOKIES : Map.of(Messages.COOKIE, stripped);
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
    return "LbCookieAffinity[" + cookieName + ", pool " + pool.name() + "]";
  }

  private TokenRing ring(CookieKeys keys) {
    return new TokenRing(keys, cookieName, pool.name(), life, encrypted);
  }

  private Recall gone(TagIndex index, LbToken token) {
    if (index.isAmbiguous(token.tag())) {
      counts.ambiguousTags.increment();
    }
    return Recall.none(Reason.BACKEND_GONE);
  }

  /**
   * {@return the token that the response must set, or null if absent}
   *
   * @param known the token by which the request was routed, or null if it is unknown
   */
  private @Nullable LbToken answer(
      TokenRing now, List<String> cookies, @Nullable LbToken known, Route route) {
    Backend backend = route.backend();
    if (backend == null) {
      return null;
    }
    return switch (route.outcome()) {
      case NEW -> issue(now.begun(backend.name(), pool.snapshot()), backend.name());
      case MOVED -> issue(move(now, late(now, cookies, known), backend.name()), backend.name());
      case KEPT -> keep(now, cookies, late(now, cookies, known), backend.name());
      case LENT -> refresh(now, cookies, late(now, cookies, known));
      default -> null;
    };
  }

  private static @Nullable LbToken late(
      TokenRing now, List<String> cookies, @Nullable LbToken known) {
    return (known != null) ? known : now.findLate(cookies);
  }

  /**
   * Accepts only this affinity's pool, because tokens would not be refreshed with the backends of
   * another pool.
   */
  @Override
  public void checkPool(Pool routed) {
    OwnPool.check(pool, routed);
  }

  private LbToken move(TokenRing now, @Nullable LbToken token, String backend) {
    PoolSnapshot members = pool.snapshot();
    return (token == null) ? now.begun(backend, members) : now.moved(token, backend, members);
  }

  /**
   * Returns the token of a kept session, or null if the client's is good. If its key has been
   * removed from the ring, the session starts with a new token on the same backend.
   */
  private @Nullable LbToken keep(
      TokenRing now, List<String> cookies, @Nullable LbToken token, String backend) {
    return (token == null)
        ? issue(now.begun(backend, pool.snapshot()), backend)
        : refresh(now, cookies, token);
  }

  private @Nullable LbToken refresh(TokenRing now, List<String> cookies, @Nullable LbToken token) {
    PoolSnapshot members = pool.snapshot();
    LbToken refreshed = (token == null) ? null : now.refreshed(token, members);
    if (token == null || refreshed == null || now.hasFresh(cookies, token.session())) {
      return null;
    }
    counts.refreshed.increment();
    remember(refreshed, now.index(refreshed, members));
    return refreshed;
  }

  private LbToken issue(LbToken token, String backend) {
    counts.issued.increment();
    last.add(backend, token);
    return token;
  }

  private void remember(LbToken token, TagIndex index) {
    Member member = index.member(token.tag());
    if (member != null) {
      last.add(member.name(), token);
    }
  }

  private String attributes(Q request) {
    return messages.isSecure(request) ? secureAttributes : attributes;
  }

  private void setCookie(S response, List<String> theirs, String valueAndAttributes) {
    setFields(response, theirs, cookieName + '=' + valueAndAttributes);
  }

  private void setFields(S response, List<String> theirs, String ours) {
    List<String> setCookies = new ArrayList<>(theirs);
    setCookies.add(ours);
    messages.setFields(response, SetCookieField.NAME, setCookies);
    keepFromSharedCaches(response);
  }

  private void keepFromSharedCaches(S response) {
    if (cacheControl) {
      CacheControl.protect(SetCookieField.NAME, messages, response);
    }
  }
}
