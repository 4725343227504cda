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
import org.jspecify.annotations.Nullable;

/**
 * Affinity by a cookie that the load balancer makes. The cookie holds the whole binding, so nothing
 * is kept here: proxies that share {@link CookieKeys} and the pool's name agree, and a restart
 * forgets nobody. Its value is authentic, tells nobody which backend it names, and elapses by the
 * server's clock, not the browser's. Safe for use by many threads at once.
 *
 * <p>The cookie is not sent on to backends, and a backend's own cookie of that name is not sent to
 * clients with a final response.
 *
 * @param <Q> the embedder's request
 * @param <S> the embedder's response
 */
public final class LbCookieAffinity<Q, S> implements HttpAffinity<Q, S> {
  private static final Set<Reason> FOREIGN =
      Collections.unmodifiableSet(EnumSet.of(Reason.MALFORMED, Reason.FORGED, Reason.UNKNOWN_KEY));
  private static final String DELETION = "; Max-Age=0";

  private final Pool pool;
  private final Messages<Q, S> messages;
  private final StickySession session;
  private final Environment environment;
  private final TokenLife life;
  private final String cookieName;
  private final String attributes;
  private final String secureAttributes;
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
    this.cacheControl = builder.cacheControl;
    this.encrypted = builder.encrypted;
    this.last = new LastTokens(life);
    this.ring = ring(builder.keys());
  }

  /**
   * {@return a builder}
   *
   * @param pool the backends; the cookie and its tokens belong to the pool's name
   * @param access reads and changes the embedder's requests and responses
   * @param <Q> the embedder's request
   * @param <S> the embedder's response
   */
  public static <Q, S> LbCookieAffinityBuilder<Q, S> builder(Pool pool, HttpAccess<Q, S> access) {
    return new LbCookieAffinityBuilder<>(
        requireNonNull(pool, "pool"), requireNonNull(access, "access"));
  }

  /**
   * Replaces the keys, at once for all requests that begin later.
   *
   * @param keys the new ring; sessions go on whose tokens it verifies
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
    Recall recall = peek(request, members);
    if (recall.reason() != null && FOREIGN.contains(recall.reason())) {
      counts.foreignCookies.increment();
    }
    return recall;
  }

  @Override
  public Recall peek(Q request, PoolSnapshot members) {
    TokenRing now = ring;
    List<String> cookies = messages.cookies(request);
    LbToken token = now.find(cookies);
    if (token == null) {
      return Recall.none(now.reason(cookies));
    }
    TagIndex index = now.index(token, members);
    Member member = index.member(token.tag());
    return (member != null) ? member.recall() : gone(index, token);
  }

  @Override
  public long key(Q request) {
    LbToken token = ring.find(messages.cookies(request));
    return (token == null) ? KeyExtractor.NONE : environment.hasher().number(token.session());
  }

  /** Always binds: the response carries the binding to the client. */
  @Override
  public Bound bind(long key, @Nullable String expected, String candidate, boolean byHash) {
    last.addNew(candidate);
    return Bound.stored(candidate);
  }

  /** Always returns false: the client keeps the binding. */
  @Override
  public boolean unbind(long key, String expected) {
    return false;
  }

  /**
   * {@return for how long clients may still have tokens of the backend, which nobody can count}
   * These are the tokens that this affinity made, and those that an earlier process may have made
   * before it. What other proxies make they answer for. A request that is on its way when the last
   * token ends may still be answered with another; the drain of a pool that counts connections
   * waits for it.
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
    if (received.contains(cookieName + '=' + attributes + DELETION)) {
      return;
    }
    List<String> theirs = SetCookieField.without(received, cookieName);
    LbToken token = answer(request, route);
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
    setCookie(response, theirs, attributes + DELETION);
  }

  @Override
  public Map<String, List<String>> fieldsToBackend(Q request) {
    List<String> received = messages.cookies(request);
    List<String> stripped = CookieStripper.strip(received, cookieName);
    return stripped.equals(received) ? Map.of() : Map.of(Messages.COOKIE, stripped);
  }

  @Override
  public ResponseStats responseStats() {
    return counts.stats();
  }

  /** {@return the cookie's name and the pool's; nothing of the keys} */
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

  /** {@return the token that the response is to carry, or null for none} */
  private @Nullable LbToken answer(Q request, Route route) {
    Backend backend = route.backend();
    if (backend == null) {
      return null;
    }
    TokenRing now = ring;
    return switch (route.outcome()) {
      case NEW -> issue(now.begun(backend.name(), pool.snapshot()), backend.name());
      case MOVED -> issue(move(now, request, backend.name()), backend.name());
      case KEPT, LENT -> goOn(now, request, route.outcome(), backend.name());
      default -> null;
    };
  }

  /** Refuses a router of another pool, by whose backends tokens would not be renewed. */
  @Override
  public void checkPool(Pool routed) {
    if (routed != pool) {
      throw new IllegalArgumentException(
          "pool: " + routed.name() + " (expected: the affinity's own, " + pool.name() + ")");
    }
  }

  private LbToken move(TokenRing now, Q request, String backend) {
    LbToken token = now.findLate(messages.cookies(request));
    PoolSnapshot members = pool.snapshot();
    return (token == null) ? now.begun(backend, members) : now.moved(token, backend, members);
  }

  /** A kept session whose key was dropped meanwhile begins anew where it is. */
  private @Nullable LbToken goOn(TokenRing now, Q request, Outcome outcome, String backend) {
    LbToken token = now.findLate(messages.cookies(request));
    if (token == null) {
      return (outcome == Outcome.KEPT) ? issue(now.begun(backend, pool.snapshot()), backend) : null;
    }
    PoolSnapshot members = pool.snapshot();
    LbToken refreshed = now.refreshed(token, members);
    if (refreshed != null && now.hasFresh(messages.cookies(request), token.session())) {
      return null;
    }
    if (refreshed != null) {
      counts.refreshed.increment();
      remember(refreshed, now.index(refreshed, members));
    }
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
    List<String> setCookies = new ArrayList<>(theirs);
    setCookies.add(cookieName + '=' + valueAndAttributes);
    messages.setFields(response, SetCookieField.NAME, setCookies);
    keepFromSharedCaches(response);
  }

  private void keepFromSharedCaches(S response) {
    if (cacheControl) {
      List<String> values = messages.fields(response, CacheControl.NAME);
      if (!CacheControl.protectsCookies(values)) {
        messages.setFields(response, CacheControl.NAME, CacheControl.withPrivate(values));
      }
    }
  }
}
