package dev.limpet.l7;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A cache of genuine tokens that were verified before. Finding one computes no MAC and allocates
 * nothing. Safe for use by many threads at once.
 */
final class VerifiedTokens {
  /*
   * The last bits of a token's signature select one of 32,768 sets. Only verified tokens are
   * cached, and a lookup compares all bits. So the sets fill evenly, no client can aim at one of
   * them, and forged tokens replace nothing. The last 24 bits are compared first. An attacker who
   * guesses them learns nothing about the other bits, because their comparison always takes the
   * same time.
   *
   * A set is an array that is replaced and never changed, so a reader always sees a consistent one.
   * If two threads replace it at once, one token is lost and will be verified again. The newest
   * token is first, so lookups find a refreshed token before its older versions.
   *
   * 65,536 tokens are two per set. With random tokens, about ten of them find their set full. The
   * cache has room for 262,144 tokens in 18 MB. When it is empty it takes 128 KB. Each token takes
   * 64 bytes, or 104 if encrypted, plus its share of a set.
   */

  /** The maximum number of tokens in a set. */
  static final int SET_SIZE = 8;

  private static final int SETS = 1 << 15;

  private final AtomicReferenceArray<LbToken @Nullable []> sets = new AtomicReferenceArray<>(SETS);

  /** {@return the token in a part of a text, or null if it is not cached} */
  @Nullable
  LbToken find(String text, int from, int to) {
    if (TokenText.version(to - from) == TokenText.NONE) {
      return null;
    }
    int end = TokenText.four(text, to - TokenText.GROUP);
    LbToken[] set = sets.getAcquire(end & (SETS - 1));
    if (set != null) {
      for (LbToken token : set) {
        if (token.end() == end && token.is(text, from, to)) {
          return token;
        }
      }
    }
    return null;
  }

  /**
   * Caches a verified token.
   *
   * @param spent tests which tokens are no longer needed; in a full set one of them is replaced or,
   *     if all are needed, a random one
   */
  void add(LbToken token, Predicate<LbToken> spent) {
    int index = token.end() & (SETS - 1);
    LbToken[] set = sets.getAcquire(index);
    sets.setRelease(index, (set == null) ? new LbToken[] {token} : with(token, set, spent));
  }

  private static LbToken[] with(LbToken token, LbToken[] set, Predicate<LbToken> spent) {
    int leaving = leaving(token, set, spent);
    LbToken[] next = Arrays.copyOf(set, Math.max(set.length, leaving + 1));
    System.arraycopy(set, 0, next, 1, leaving);
    next[0] = token;
    return next;
  }

  /** {@return the index of the token that is replaced, or the first free index} */
  private static int leaving(LbToken token, LbToken[] set, Predicate<LbToken> spent) {
    int same = last(set, token::is);
    if (same >= 0 || set.length < SET_SIZE) {
      return (same >= 0) ? same : set.length;
    }
    int oldest = last(set, spent);
    return (oldest >= 0) ? oldest : ThreadLocalRandom.current().nextInt(SET_SIZE);
  }

  private static int last(LbToken[] set, Predicate<LbToken> wanted) {
    int i = set.length - 1;
    while (i >= 0 && !wanted.test(set[i])) {
      i--;
    }
    return i;
  }
}
