package dev.limpet.l7;

import dev.limpet.core.KeyExtractor;
import dev.limpet.core.Member;
import dev.limpet.core.Pool;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import dev.limpet.core.Recall;
import dev.limpet.core.Remaining;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps sessions in tokens, which clients send in the field. */
abstract class TokenHeader<Q, S> extends HeaderMode<Q, S> {
  private static final Set<Reason> FOREIGN =
      Collections.unmodifiableSet(EnumSet.of(Reason.MALFORMED, Reason.FORGED, Reason.UNKNOWN_KEY));

  final Pool pool;
  final LastTokens last;
  private final TokenLife life;
  private final String kind;
  private final int maxText;
  private volatile HeaderRing ring;

  /**
   * Makes a mode.
   *
   * @param pool the backends
   * @param kind the kind of token, in one word
   * @param maxOriginal the maximum number of characters of a value that a token replaces
   */
  TokenHeader(HeaderAffinity.Builder<Q, S> builder, Pool pool, String kind, int maxOriginal) {
    super(builder);
    this.pool = pool;
    this.kind = kind + ' ' + HeaderAffinity.canonical(name);
    this.maxText = HeaderRing.length(maxOriginal);
    this.life = new TokenLife(
        session(), TokenLife.defaultThreshold(session().duration()), environment.wallClock());
    this.last = new LastTokens(life);
    this.ring = ring(builder.keys());
  }

  private HeaderRing ring(CookieKeys keys) {
    return new HeaderRing(keys, kind, pool.name(), life);
  }

  final HeaderRing ring() {
    return ring;
  }

  final void rotate(CookieKeys keys) {
    ring = ring(keys);
  }

  @Override
  public final void checkPool(Pool routed) {
    checkPool(pool, routed);
  }

  @Override
  public final Recall recall(Q request, PoolSnapshot members) {
    return counted(recall(asked(request), members));
  }

  @Override
  public final Recall peek(Q request, PoolSnapshot members) {
    return recall(asked(request), members);
  }

  @Override
  public final long key(Q request) {
    return key(asked(request));
  }

  @Override
  final Recall recall(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return counted(recall(asked(exchange), members));
  }

  @Override
  final Recall peek(StickyExchange<Q, S> exchange, PoolSnapshot members) {
    return recall(asked(exchange), members);
  }

  @Override
  final long key(StickyExchange<Q, S> exchange) {
    return key(asked(exchange));
  }

  @Override
  final long tableKey(StickyExchange<Q, S> exchange) {
    return key(asked(exchange));
  }

  private Recall counted(Recall recall) {
    if (recall.reason() != null && FOREIGN.contains(recall.reason())) {
      counts.foreignCookies.increment();
    }
    return recall;
  }

  private Recall recall(Asked asked, PoolSnapshot members) {
    HeaderToken token = asked.valid();
    return (token == null) ? unbound(asked) : bound(token, members);
  }

  private Recall bound(HeaderToken token, PoolSnapshot members) {
    TagIndex index = token.index(members);
    Member member = index.member(token.tag());
    if (member != null) {
      return member.recall();
    }
    if (index.isAmbiguous(token.tag())) {
      counts.ambiguousTags.increment();
    }
    return Recall.none(Reason.BACKEND_GONE);
  }

  /** {@return the recall of a request without a valid token} */
  abstract Recall unbound(Asked asked);

  private long key(Asked asked) {
    HeaderToken token = asked.valid();
    String original = (token == null) ? null : token.original();
    return (original == null) ? unboundKey(asked) : environment.hasher().string(original);
  }

  /** {@return the key of a request without a valid token} */
  long unboundKey(Asked asked) {
    return KeyExtractor.NONE;
  }

  /** {@return what an exchange's request asks for; it is read only once} */
  final Asked asked(StickyExchange<Q, S> exchange) {
    Asked known = (Asked) exchange.remembered(this);
    if (known != null) {
      return known;
    }
    Asked asked = asked(exchange.request());
    exchange.remember(this, asked);
    return asked;
  }

  final Asked asked(Q request) {
    if (isIgnored(request)) {
      return Asked.IGNORED;
    }
    String text = value(request, maxText);
    CharSequence principal = principal(request);
    if (text == null && principal == null) {
      return Asked.NOTHING;
    }
    return asked(text, (principal == null) ? null : principal.toString());
  }

  private Asked asked(@Nullable String text, @Nullable String principal) {
    HeaderToken token = (text == null || text.isEmpty()) ? null : ring.open(text, principal);
    return new Asked(text, principal, token, false);
  }

  /** Always returns false, because the client keeps the token. */
  @Override
  public final boolean unbind(long key, String expected) {
    return false;
  }

  @Override
  public final Remaining remaining(String backend) {
    return last.remaining(backend);
  }

  @Override
  public final Map<String, List<String>> fieldsToBackend(Q request) {
    return fieldsToBackend(asked(request));
  }

  @Override
  final Map<String, List<String>> fieldsToBackend(Q request, List<String> cookies) {
    return fieldsToBackend(asked(request));
  }

  @Override
  final Map<String, List<String>> fieldsToBackend(
      StickyExchange<Q, S> exchange, List<String> cookies) {
    return fieldsToBackend(asked(exchange));
  }

  abstract Map<String, List<String>> fieldsToBackend(Asked asked);

  /** {@return the field's name and the pool's, without the keys} */
  @Override
  public final String toString() {
    String first = kind.substring(0, kind.indexOf(' '));
    return "HeaderAffinity[" + name + ", " + first + ", pool " + pool.name() + "]";
  }

  /** What a request asks for. Immutable. */
  static final class Asked {
    static final Asked NOTHING = new Asked(null, null, null, false);
    static final Asked IGNORED = new Asked(null, null, null, true);

    final @Nullable String text;
    final @Nullable String principal;
    final @Nullable HeaderToken token;
    final boolean isIgnored;

    /**
     * Makes an answer.
     *
     * @param text the value of the field, as {@link HeaderValue#only} returns it
     * @param principal the client; null if it does not matter, or is unknown
     * @param token what the value says; null if it has no token that can be used
     */
    Asked(
        @Nullable String text,
        @Nullable String principal,
        @Nullable HeaderToken token,
        boolean isIgnored) {
      this.text = text;
      this.principal = principal;
      this.token = token;
      this.isIgnored = isIgnored;
    }

    /** {@return the token; null if it is absent or not valid} */
    @Nullable
    HeaderToken valid() {
      return (token == null || token.fault() != null) ? null : token;
    }

    /**
     * {@return the reason why there is no valid token; null if there is one, or no usable value}
     */
    @Nullable
    Reason fault() {
      return (token == null) ? null : token.fault();
    }

    /** {@return the value that the token replaces; null if there is no genuine token} */
    @Nullable
    String original() {
      return (token == null) ? null : token.original();
    }
  }
}
