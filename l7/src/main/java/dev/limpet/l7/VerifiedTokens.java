package dev.limpet.l7;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Genuine tokens that were met a while ago: to find one takes no MAC and makes no object. Safe for
 * use by many threads at once.
 */
final class VerifiedTokens {
  /*
   * The end of a token's signature says which of 32,768 sets it is kept in. What is found is the
   * token in every bit, and only who was verified is kept: so the sets fill evenly, nobody can aim
   * at one, and forged tokens displace nothing. The last 24 bits are compared first; who guesses
   * them learns nothing of the others, whose comparison takes as long whether they are right or
   * not. A set is an array that is replaced and never changed: a reader sees a whole one, and of
   * two threads that replace it at once one loses its token, which is verified again. The newest
   * stands first: where sessions are refreshed, their older tokens are behind it.
   *
   * 65,536 tokens are two a set. If they are random ones, ten of them find their set full. There is
   * room for 262,144 tokens in 18 MB; without a token it takes 128 KB, and each takes 64 bytes, or
   * encrypted 104, and its share of a set.
   */

  /** How many tokens are kept in a set. */
  static final int SET_SIZE = 8;

  private static final int SETS = 1 << 15;

  private final AtomicReferenceArray<LbToken @Nullable []> sets = new AtomicReferenceArray<>(SETS);

  /** {@return the token that a part of a text is, or null if it is not kept} */
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
   * Keeps a token that was verified.
   *
   * @param spent which tokens need not be kept any longer: in a full set one of them makes room, or
   *     else any one
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

  /** {@return the index of the token whose place is taken, or of the place after the last} */
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
