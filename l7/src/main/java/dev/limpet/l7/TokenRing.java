package dev.limpet.l7;

import dev.limpet.core.Member;
import dev.limpet.core.PoolSnapshot;
import dev.limpet.core.Reason;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Reads and makes the tokens of one cookie of one pool, with the keys at one moment. Each phase of
 * a request uses one ring throughout. Safe for use by many threads at once.
 */
final class TokenRing {
  private static final int SALTS = 1 << Byte.SIZE;

  private final String cookie;
  private final TokenLife life;
  private final boolean encrypts;
  private final @Nullable TokenKey[] keys = new TokenKey[CookieKeys.MAX_ID + 1];
  private final TokenKey signing;
  private final VerifiedTokens verified = new VerifiedTokens();

  /**
   * Derives the keys.
   *
   * @param cookie the cookie's name
   * @param pool the pool's name
   * @param encrypts whether new tokens are encrypted; tokens of both forms are read
   */
  TokenRing(CookieKeys secrets, String cookie, String pool, TokenLife life, boolean encrypts) {
    this.cookie = cookie;
    this.life = life;
    this.encrypts = encrypts;
    String bare = CookieName.withoutPrefix(cookie);
    secrets.secrets().forEach((id, secret) -> keys[id] = new TokenKey(id, secret, bare, pool));
    this.signing = key(secrets.signingId());
  }

  /**
   * {@return the first token in the Cookie fields that is genuine and valid, or null without
   * such a token}
   */
  @Nullable
  LbToken find(List<String> cookies) {
    long now = life.now();
    for (long at = next(cookies, CookieScan.START); at != CookieScan.NONE; at = next(cookies, at)) {
      LbToken token = genuine(cookies, at, now);
      if (token != null && life.fault(token, now) == null) {
        return token;
      }
    }
    return null;
  }

  /**
   * {@return the token by which a request was routed some time ago: the result of {@link #find} or,
   * if no token is valid any more, the genuine one that was valid last} Null if no token is
   * genuine.
   */
  @Nullable
  LbToken findLate(List<String> cookies) {
    long now = life.now();
    LbToken nearest = null;
    for (long at = next(cookies, CookieScan.START); at != CookieScan.NONE; at = next(cookies, at)) {
      LbToken token = genuine(cookies, at, now);
      if (token != null && isNearer(token, nearest, now)) {
        nearest = token;
      }
    }
    return nearest;
  }

  /** Returns whether the Cookie fields have a token of the same session that needs no refresh. */
  boolean hasFresh(List<String> cookies, long session) {
    long now = life.now();
    for (long at = next(cookies, CookieScan.START); at != CookieScan.NONE; at = next(cookies, at)) {
      LbToken token = genuine(cookies, at, now);
      if (token != null && token.session() == session && !life.isSpent(token, now)) {
        return true;
      }
    }
    return false;
  }

  /** {@return the reason why there is no session: the fault of the first cookie} */
  Reason reason(List<String> cookies) {
    long first = next(cookies, CookieScan.START);
    if (first == CookieScan.NONE) {
      return Reason.UNKNOWN;
    }
    Reason fault = fault(cookies, first);
    return (fault == null) ? Reason.UNKNOWN : fault;
  }

  /** {@return the members of a snapshot by their tags under the token's key} */
  TagIndex index(LbToken token, PoolSnapshot pool) {
    return key(token.keyId()).index(pool);
  }

  /** {@return a token for a session that begins now} */
  LbToken begun(String backend, PoolSnapshot pool) {
    long now = life.now();
    return token(
        now, now, signing.tag(backend, pool), ThreadLocalRandom.current().nextInt(SALTS));
  }

  /** {@return a token for a session that continues on another backend} */
  LbToken moved(LbToken token, String backend, PoolSnapshot pool) {
    return renewed(token, signing.tag(backend, pool));
  }

  /**
   * {@return a token that refers to the same backend and was last seen now; null if no refresh is
   * due, or the backend is not in the pool}
   */
  @Nullable
  LbToken refreshed(LbToken token, PoolSnapshot pool) {
    if (!life.isRefreshDue(token, life.now())) {
      return null;
    }
    if (token.keyId() == signing.id()) {
      return renewed(token, token.tag());
    }
    Member member = index(token, pool).member(token.tag());
    return (member == null) ? null : renewed(token, signing.tag(member.name(), pool));
  }

  private long next(List<String> cookies, long after) {
    return CookieScan.next(cookies, cookie, after);
  }

  /**
   * {@return the token at a position, valid or not, if a key of the ring made it; otherwise null}
   */
  private @Nullable LbToken genuine(List<String> cookies, long at, long now) {
    return genuine(CookieScan.field(cookies, at), CookieScan.from(at), CookieScan.to(at), now);
  }

  /**
   * {@return the token in a part of a text, valid or not, if a key of the ring made it; otherwise
   * null}
   */
  @Nullable
  LbToken genuine(String text, int from, int to, long now) {
    LbToken known = verified.find(text, from, to);
    return (known != null) ? known : verified(text, from, to, now);
  }

  /** Verifies a token, and caches it if it is valid. */
  private @Nullable LbToken verified(String text, int from, int to, long now) {
    int id = TokenText.keyId(text, from, to);
    TokenKey key = (id == TokenText.NONE) ? null : keys[id];
    LbToken token = (key == null) ? null : key.read(text, from, to);
    if (token != null && life.fault(token, now) == null) {
      verified.add(token, other -> life.isSpent(other, now));
    }
    return token;
  }

  private LbToken token(long issuedAt, long lastSeen, long tag, int salt) {
    return encrypts
        ? signing.encrypted(issuedAt, lastSeen, tag, salt)
        : signing.signed(issuedAt, lastSeen, tag, salt);
  }

  private LbToken renewed(LbToken token, long tag) {
    return token(token.issuedAt(), Math.max(token.lastSeen(), life.now()), tag, token.salt());
  }

  private boolean isNearer(LbToken token, @Nullable LbToken other, long now) {
    return other == null || life.secondsOff(token, now) < life.secondsOff(other, now);
  }

  private @Nullable Reason fault(List<String> cookies, long at) {
    String text = CookieScan.field(cookies, at);
    int id = TokenText.keyId(text, CookieScan.from(at), CookieScan.to(at));
    if (id == TokenText.NONE) {
      return Reason.MALFORMED;
    }
    TokenKey key = keys[id];
    if (key == null) {
      return Reason.UNKNOWN_KEY;
    }
    LbToken token = key.read(text, CookieScan.from(at), CookieScan.to(at));
    return (token == null) ? Reason.FORGED : life.fault(token, life.now());
  }

  private TokenKey key(int id) {
    TokenKey key = keys[id];
    if (key == null) {
      throw new IllegalStateException("key: " + id + " (expected: a key of the ring)");
    }
    return key;
  }
}
